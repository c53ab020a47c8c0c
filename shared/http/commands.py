"""Commands over HTTP: a unit of work for the community in the path, and an answer that is stored with the effect."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.http.context import request_id_of
from shared.http.idempotency import (
    KEPT_DAYS,
    AlreadyAnswered,
    IdempotentRequest,
    StoredAnswer,
    fingerprint_of,
    key_of,
)
from shared.http.operation import OperationNotes, documented
from shared.http.refusals import IdempotencyKeyRefused, IdempotencyKeyReused, RequestInProgress
from shared.http.versions import headers_for
from shared.security.authorisation import community_of, principal_of

Result = TypeVar("Result")

COMMAND_NOTES = OperationNotes(
    errors=(IdempotencyKeyRefused, IdempotencyKeyReused, RequestInProgress),
    parameters=(
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]{1,100}$"},
            "description": f"重试时用同一个值：只生效一次，得到同样的回答（保留 {KEPT_DAYS} 天）。"
            f"Use the same value when trying again: one effect, the same answer (kept for {KEPT_DAYS} days)",
        },
    ),
)


@documented(COMMAND_NOTES)
async def unit_of_work(request: Request) -> Any:
    """A unit of work for this command. In `api`: `Uow = Annotated[IssuesUnitOfWork, Depends(unit_of_work)]`.

    Reads the community from the path (or from the principal), the actor from the principal, and `Idempotency-Key`, which every POST must have.
    """
    factory: UnitOfWorkFactory[Any] = request.app.state.unit_of_work
    principal = await principal_of(request)
    community = community_of(request, principal)
    key = key_of(request, required=request.method == "POST")
    once = None
    if key is not None:
        route = f"{request.method} {request.scope['route'].path_format}"
        once = IdempotentRequest(community, principal.person, route, key, fingerprint_of(request, await request.body()))
    return factory(community, correlation_id=request_id_of(request.scope), once=once)


async def reading(request: Request) -> AbstractAsyncContextManager[AsyncConnection]:
    """A read-only transaction of the community in the path, not begun yet: `async with reading as connection`."""
    principal = await principal_of(request)
    database: Database = request.app.state.database
    return database.reading(community_of(request, principal))


Reading = Annotated[AbstractAsyncContextManager[AsyncConnection], Depends(reading)]
"""Parameter type of endpoints that only read."""


async def answered(
    work: Awaitable[Result],
    uow: UnitOfWork,
    *,
    view: Callable[[Result], BaseModel] | None = None,
    status: int = 200,
    location: Callable[[Result], str] | None = None,
) -> Response:
    """Run a use case and answer with its view. The answer is rendered inside the transaction and stored with it.

    `view=None` answers without a body (use status 204). `ETag` comes from the view's `version`.
    """

    def render(result: Any) -> StoredAnswer:
        shown = view(result) if view is not None else None
        headers = headers_for(shown)
        if location is not None:
            headers["location"] = location(result)
        body = shown.__pydantic_serializer__.to_json(shown) if shown is not None else b""
        return StoredAnswer(status, headers, body)

    once = uow.once
    if isinstance(once, IdempotentRequest):
        once.render = render
    try:
        result = await work
    except AlreadyAnswered as before:
        return before.answer.response(replayed=True)
    if isinstance(once, IdempotentRequest) and once.answer is not None:
        return once.answer.response()
    return render(result).response()


def shown(view: BaseModel, *, status: int = 200) -> Response:
    """A view as the answer of a reading endpoint, rendered once, with its `ETag`."""
    return Response(
        view.__pydantic_serializer__.to_json(view),
        status_code=status,
        headers=headers_for(view),
        media_type="application/json",
    )
