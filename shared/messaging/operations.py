"""Dead letters over HTTP, for operators: `/api/v1/operations/<service>/dead-letters`. The same router for every service."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from shared.http.commands import COMMAND_NOTES, shown
from shared.http.idempotency import key_of
from shared.http.operation import OperationNotes, documented
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.refusals import IdempotencyKeyRefused
from shared.http.routing import Router
from shared.messaging.dead_letters import DeadLetterNotFound, DeadLetters
from shared.principal import Principal, Role
from shared.security.authorisation import Permissions, allow


class OperationAction(StrEnum):
    """What operators do with the messages of a service."""

    READ_DEAD_LETTERS = "read-dead-letters"
    REPLAY_DEAD_LETTER = "replay-dead-letter"


OPERATION_PERMISSIONS: Permissions = {
    OperationAction.READ_DEAD_LETTERS: frozenset({Role.OPERATOR}),
    OperationAction.REPLAY_DEAD_LETTER: frozenset({Role.OPERATOR}),
}
"""Rows that each service adds to its own matrix: `permissions={**PERMISSIONS, **OPERATION_PERMISSIONS}`."""


class DeadLetterView(BaseModel):
    """A message that was given up."""

    id: UUID
    consumer: str
    message_id: UUID | None
    community: str | None
    type: str
    subject: str
    stream_seq: int
    reason: str
    error: str
    attempts: int
    first_seen_at: datetime
    dead_at: datetime
    replayed_at: datetime | None


class ReplayView(BaseModel):
    """What a replay came to: `applied`, `already-applied` or `failed` with reason and error."""

    id: UUID
    outcome: str
    reason: str
    error: str


@documented(OperationNotes(errors=(IdempotencyKeyRefused,), parameters=COMMAND_NOTES.parameters))
async def with_key(request: Request) -> str:
    """The key that every POST carries. A replay applies once by itself, so no answer is stored under it."""
    key = key_of(request, required=True)
    return key or ""


def operations_router(service: str, dead_letters: DeadLetters) -> Router:
    """The routes of one service."""
    router = Router(prefix=f"/api/v1/operations/{service}", tags=["operations"])

    @router.get("/dead-letters", response_model=Page[DeadLetterView])
    async def list_dead_letters(
        _who: Annotated[Principal, allow(OperationAction.READ_DEAD_LETTERS)],
        page: PageQuery,
        consumer: Annotated[str | None, Query(max_length=80, pattern=r"^[a-z][a-z0-9-]*$")] = None,
        replayed: Annotated[bool, Query(description="包括已重放的。Replayed ones too")] = False,
    ) -> Response:
        """处理失败、等待人工重放的消息，新的在前。Messages that were given up and wait for a replay, newest first."""
        rows, following = await dead_letters.page(
            consumer=consumer, replayed=replayed, limit=page.limit, cursor=page.cursor
        )
        items = [DeadLetterView.model_validate(dict(row)) for row in rows]
        return shown(Page[DeadLetterView](items=items, next_cursor=following))

    @router.post("/dead-letters/{letter_id}/replay", response_model=ReplayView, responses=problems(DeadLetterNotFound))
    async def replay_dead_letter(
        letter_id: UUID,
        _who: Annotated[Principal, allow(OperationAction.REPLAY_DEAD_LETTER)],
        _key: Annotated[str, Depends(with_key)],
    ) -> Response:
        """重放一条死信，只生效一次。Replay one dead letter; it applies once however often this is asked."""
        result = await dead_letters.replay(letter_id)
        return shown(ReplayView(id=result.id, outcome=result.outcome.value, reason=result.reason, error=result.error))

    # The document of the whole platform holds these routes once per service: their ids must differ.
    for route in router.routes:
        route.operation_id = f"{getattr(route, 'operation_id', '')}_of_{service}"  # type: ignore[attr-defined]
    return router
