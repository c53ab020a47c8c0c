"""`Idempotency-Key`: a command that was repeated does its work once and gets the same answer, byte for byte.

The key row is claimed before the first effect and completed with the answer in the same transaction. A twin that runs at the same
moment waits for the first one in the database. Only successes are stored: a refused command changed nothing, so it may be tried again.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from starlette.requests import Request
from starlette.responses import Response

from shared.database.failures import sqlstate
from shared.database.unit_of_work import UnitOfWork
from shared.errors import Unavailable
from shared.http.context import header_values
from shared.http.refusals import IdempotencyKeyRefused, IdempotencyKeyReused, RequestInProgress

KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,100}")
LOCK_NOT_AVAILABLE = "55P03"
KEPT_DAYS = 7
"""Housekeeping deletes older keys; the OpenAPI document says so."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as it went out the first time."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def response(self, *, replayed: bool = False) -> Response:
        """The answer for the caller; a repeated one is marked by a header."""
        headers = {**self.headers, "idempotency-replayed": "true"} if replayed else dict(self.headers)
        return Response(self.body, status_code=self.status, headers=headers, media_type="application/json")


class AlreadyAnswered(Exception):
    """This command was done before; here is its answer."""

    def __init__(self, answer: StoredAnswer) -> None:
        super().__init__("already answered")
        self.answer = answer


CLAIM = """
    INSERT INTO idempotency_keys (community, actor, route, key, fingerprint, created_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING key
"""
FIND = """
    SELECT fingerprint, status, headers, body FROM idempotency_keys
    WHERE community = $1 AND actor = $2 AND route = $3 AND key = $4
"""
COMPLETE = """
    UPDATE idempotency_keys SET status = $5, headers = $6, body = $7
    WHERE community = $1 AND actor = $2 AND route = $3 AND key = $4 RETURNING key
"""


@dataclass(slots=True)
class IdempotentRequest:
    """The `once` of a unit of work that runs for an HTTP command."""

    community: str
    actor: UUID
    route: str
    """Method and route template, e.g. `POST /api/v1/communities/{community}/issues`."""
    key: str
    fingerprint: bytes
    render: Callable[[object], StoredAnswer] | None = field(default=None)
    """Set by `answered`: makes the answer out of the use case's result."""
    answer: StoredAnswer | None = field(default=None, init=False)
    """The answer that was stored, after `complete`."""

    async def claim(self, uow: UnitOfWork) -> None:
        """Take the key. Raises AlreadyAnswered, IdempotencyKeyReused (other request) or RequestInProgress."""
        try:
            taken = await uow.fetch_row(CLAIM, *self._row(), self.fingerprint, uow.now())
        except Unavailable as error:
            if sqlstate(error) == LOCK_NOT_AVAILABLE:
                raise RequestInProgress(retry_after_seconds=1) from error
            raise
        if taken is not None:
            return
        known = await uow.fetch_row(FIND, *self._row())
        if known is None or known["status"] is None:
            raise RequestInProgress(retry_after_seconds=1)
        self.check(known["fingerprint"])
        raise AlreadyAnswered(StoredAnswer(known["status"], known["headers"], known["body"]))

    async def complete(self, uow: UnitOfWork, result: object) -> None:
        """Store the rendered answer beside the effect."""
        answer = self.rendered(result)
        headers = orjson.dumps(dict(answer.headers)).decode()
        await uow.fetch_row(COMPLETE, *self._row(), answer.status, headers, answer.body)

    def rendered(self, result: object) -> StoredAnswer:
        """The answer for this result, kept in `answer`. For hot commands that store it within their single statement."""
        if self.render is None:
            raise RuntimeError("the endpoint must run its use case through answered()")
        self.answer = self.render(result)
        return self.answer

    def check(self, stored_fingerprint: bytes) -> None:
        """Refuse (422) when the key was used for another request."""
        if bytes(stored_fingerprint) != self.fingerprint:
            raise IdempotencyKeyReused(fields={"Idempotency-Key": ("已用于另一个请求", "used for a different request")})

    def _row(self) -> tuple[str, UUID, str, str]:
        return self.community, self.actor, self.route, self.key


def key_of(request: Request, *, required: bool) -> str | None:
    """The `Idempotency-Key` header; 400 when it is malformed, given twice, or missing although required."""
    given = header_values(request.scope, b"idempotency-key")
    if not given and not required:
        return None
    if len(given) != 1 or not KEY_PATTERN.fullmatch(given[0]):
        raise IdempotencyKeyRefused
    return given[0]


def fingerprint_of(request: Request, body: bytes) -> bytes:
    """SHA-256 over the path, the query and the body: the same request gives the same bytes."""
    digest = hashlib.sha256(request.scope["path"].encode("utf-8", "surrogatepass"))
    digest.update(b"?" + request.scope["query_string"] + b"\n" + body)
    return digest.digest()
