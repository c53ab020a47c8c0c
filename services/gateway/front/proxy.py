"""Pass a request on to a service and its answer back, streaming both, without looking inside.

A body may be 1 MiB, an answer must begin within ten seconds, and a client that goes away ends the work for it.
"""

import asyncio
from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Message, Receive, Scope, Send

from services.gateway.front.connection import Connection, Headers, UpstreamBroke
from services.gateway.front.pool import Pool
from services.gateway.front.refusals import BadAnswer, TooSlow
from shared.http.refusals import BodyTooLarge, MalformedRequest

LARGEST_BODY = 1024 * 1024
DEADLINE_SECONDS = 10.0
"""From the first byte of the request to the head of the answer."""
SILENCE_SECONDS = 60.0
"""Longest pause inside an answer; server-sent events send a sign of life every 15 s."""
WATCH_AFTER_SECONDS = 0.05
"""Most answers come sooner, and then nobody needs to watch whether the client is still there."""

HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
NOT_PASSED_ON = HOP_BY_HOP | {
    b"host",
    b"expect",
    b"forwarded",
    b"authorization",
    b"x-api-key",
    b"x-csrf-token",
    b"cookie",
    b"x-request-id",
    b"x-real-ip",
    b"via",
}
"""Request headers that end here. Credentials are for the gateway alone; what says who is asking comes only from us."""
FOREIGN_PREFIXES = (b"x-mulin-", b"x-forwarded-")
NOT_PASSED_BACK = HOP_BY_HOP | {b"server", b"date", b"x-request-id"}
SAFE_TO_REPEAT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
EVERY_ANSWER: Headers = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]


ANSWER_BEGAN = "mulin.answer_began"
"""Set in the scope once a part of the answer is out."""


class ClientLeft(Exception):
    """The client closed its connection; there is nobody to answer."""


class Proxy:
    """Passes requests on to one service."""

    def __init__(self, pool: Pool, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        self.pool = pool
        self._deadline = deadline_seconds

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, *, request_id: str, principal: str | None
    ) -> int:
        """Do it; returns the status that was passed back. Raises AppError before the answer began, ClientLeft, or
        UpstreamBroke when the answer broke off in its middle."""
        exchange = _Exchange(self.pool, scope, receive, request_id, principal)
        try:
            async with asyncio.timeout(self._deadline):
                await exchange.start()
        except TimeoutError as error:
            exchange.abandon()
            raise TooSlow(retry_after_seconds=1) from error
        except UpstreamBroke as error:
            exchange.abandon()
            raise BadAnswer(retry_after_seconds=1) from error
        except BaseException:
            exchange.abandon()
            raise
        return await exchange.pass_back(send)


class _Exchange:
    """One request on its way."""

    def __init__(self, pool: Pool, scope: Scope, receive: Receive, request_id: str, principal: str | None) -> None:
        self.pool = pool
        self.scope = scope
        self.receive = receive
        self.request_id = request_id.encode("ascii")
        self.principal = principal
        self.connection: Connection | None = None
        self.status = 0
        self.headers: Headers = []
        self._watch: asyncio.Task[None] | None = None
        self._left = False
        self._body_sent = False

    async def start(self) -> None:
        """Send the request and wait for the head of the answer."""
        declared = _declared_length(self.scope["headers"])
        first = await self.receive()
        if first["type"] == "http.disconnect":
            raise ClientLeft
        body: bytes = first.get("body", b"")
        whole = not first.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge
        framing = _framing(declared, len(body) if whole else None)
        request = _request(self.scope, self.pool.host_header, self.request_id, self.principal, framing)
        repeatable = whole and _repeatable(self.scope)
        for fresh in (False, True):
            connection = self.connection = await self.pool.take(fresh=fresh)
            is_stale_one = connection.used > 0
            connection.exchange(
                request + body if framing != CHUNKED or not body else request + _chunk(body),
                without_body=self.scope["method"] == "HEAD",
            )
            try:
                self._body_sent = whole or await self._stream_body(connection, len(body), chunked=framing == CHUNKED)
                self.status, self.headers = await self._head(connection)
            except UpstreamBroke as error:
                # An idle connection that the service was just closing: it never read the request. Once more, on a new one.
                if fresh or not (error.untouched and is_stale_one and repeatable):
                    raise
                self.abandon()
                continue
            return

    async def pass_back(self, send: Send) -> int:
        """Send the answer to the client as it comes."""
        connection = self.connection
        if connection is None:
            raise RuntimeError("start() comes first")
        headers = [pair for pair in self.headers if pair[0] not in NOT_PASSED_BACK]
        headers += EVERY_ANSWER
        headers.append((b"x-request-id", self.request_id))
        start: Message = {"type": "http.response.start", "status": self.status, "headers": headers}
        self.scope[ANSWER_BEGAN] = True
        try:
            await send(start)
            body = connection.ready_body()
            if body is not None:
                await send({"type": "http.response.body", "body": body})
            else:
                self._watch_client()
                while True:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        part = await connection.chunk()
                    if part is None:
                        break
                    await send({"type": "http.response.body", "body": part, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
        except BaseException as error:
            self.abandon()
            if self._left:
                raise ClientLeft from None
            if isinstance(error, TimeoutError):
                raise UpstreamBroke("silence in the middle of an answer") from error
            raise
        self._stop_watching()
        self._release()
        return self.status

    def abandon(self) -> None:
        """Break off what is under way."""
        self._stop_watching()
        connection, self.connection = self.connection, None
        if connection is not None:
            self.pool.drop(connection)

    def _release(self) -> None:
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if self._body_sent:
            self.pool.give_back(connection)
        else:
            self.pool.drop(connection)

    async def _head(self, connection: Connection) -> tuple[int, Headers]:
        timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, self._watch_client)
        try:
            return await connection.head()
        except UpstreamBroke:
            if self._left:
                raise ClientLeft from None
            raise
        finally:
            timer.cancel()

    async def _stream_body(self, connection: Connection, sent: int, *, chunked: bool) -> bool:
        """Pass the rest of the request body on, counting. False when the service answered before it had read everything."""
        more = True
        while more and not connection.has_head:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            part: bytes = message.get("body", b"")
            more = message.get("more_body", False)
            sent += len(part)
            if sent > LARGEST_BODY:
                raise BodyTooLarge
            if part:
                await connection.send(_chunk(part) if chunked else part)
        if chunked and not more:
            await connection.send(b"0\r\n\r\n")
        return not more

    def _watch_client(self) -> None:
        if self._watch is None:
            self._watch = asyncio.get_running_loop().create_task(self._notice_leaving())

    async def _notice_leaving(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass
        self._left = True
        if self.connection is not None:
            self.connection.close()

    def _stop_watching(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.cancel()


CHUNKED = b"transfer-encoding: chunked\r\n"


def _declared_length(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """`Content-Length`, refused when it is too large or no number."""
    for name, value in headers:
        if name == b"content-length":
            if not value.isdigit():
                raise MalformedRequest
            length = int(value)
            if length > LARGEST_BODY:
                raise BodyTooLarge
            return length
    return None


def _framing(declared: int | None, whole: int | None) -> bytes:
    """The header that tells the service how long the body is."""
    if whole is not None:
        return b"content-length: %d\r\n" % whole if whole or declared is not None else b""
    return CHUNKED if declared is None else b"content-length: %d\r\n" % declared


def _chunk(part: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(part), part)


def _repeatable(scope: Scope) -> bool:
    """Whether sending the request twice has the effect of once: by its method, or by its idempotency key."""
    return scope["method"] in SAFE_TO_REPEAT or any(name == b"idempotency-key" for name, _ in scope["headers"])


def _request(scope: Scope, host: bytes, request_id: bytes, principal: str | None, framing: bytes) -> bytes:
    """The head of the request to the service."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
    query: bytes = scope["query_string"]
    named = _named_by_connection(scope["headers"])
    lines = [
        b"%s %s%s HTTP/1.1\r\nhost: %s\r\nx-request-id: %s\r\n"
        % (scope["method"].encode("ascii"), path, b"?" + query if query else b"", host, request_id)
    ]
    for name, value in scope["headers"]:
        if (
            name not in NOT_PASSED_ON
            and name != b"content-length"
            and not name.startswith(FOREIGN_PREFIXES)
            and name not in named
        ):
            lines.append(b"%s: %s\r\n" % (name, value))
    if principal is not None:
        lines.append(b"x-mulin-principal: %s\r\n" % principal.encode("ascii"))
    lines.append(framing)
    lines.append(b"\r\n")
    return b"".join(lines)


def _named_by_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Headers that the client declared to be for this hop only."""
    for name, value in headers:
        if name == b"connection" and value.lower() not in (b"keep-alive", b"close"):
            return frozenset(token.strip().lower() for token in value.split(b","))
    return frozenset()
