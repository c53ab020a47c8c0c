"""Pass a request on to a service and its answer back, streaming both, without looking inside.

A body may be 1 MiB (a file 8 MiB), an answer must begin within ten seconds, and a client that goes away ends the work for it.
"""

import asyncio
from typing import Any

from starlette.types import Message, Receive, Scope, Send

from services.gateway.front.connection import Connection, Headers, UpstreamBroke
from services.gateway.front.pool import Pool
from services.gateway.front.refusals import BadAnswer, ServiceUnreachable, TooSlow
from services.gateway.front.routes import LARGEST_BODY, largest_body_of
from services.gateway.front.translation import (
    CHUNKED,
    Incoming,
    answer_headers,
    chunk,
    framing_of,
    request_head,
)
from shared.http.context import request_id_of
from shared.http.refusals import BodyTooLarge, Misdirected

DEADLINE_SECONDS = 10.0
"""From the first byte of the request to the head of the answer."""
UPLOAD_SECONDS = 90.0
"""The same for a file: a phone on the stairs sends a photo slowly."""
SILENCE_SECONDS = 60.0
"""Longest pause inside an answer; server-sent events send a sign of life every 15 s."""
WATCH_AFTER_SECONDS = 0.05
"""Most answers come sooner, and then nobody needs to watch whether the client is still there."""


ATTEMPTS = 3
"""An idle connection may have been closing, and then the address may belong to somebody else; both did nothing with the request."""
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
        self, scope: Scope, receive: Receive, send: Send, *, incoming: Incoming, principal: str | None
    ) -> int:
        """Do it; returns the status that was passed back. Raises AppError before the answer began, ClientLeft, or
        UpstreamBroke when the answer broke off in its middle."""
        exchange = _Exchange(self.pool, scope, receive, incoming, principal)
        deadline = self._deadline if exchange.largest == LARGEST_BODY else max(self._deadline, UPLOAD_SECONDS)
        # One timer is all that a quick answer costs; the deadline and the watch over the client begin when it rings.
        timer = asyncio.get_running_loop().call_later(WATCH_AFTER_SECONDS, exchange.take_care, deadline)
        try:
            await exchange.start()
        except UpstreamBroke as error:
            exchange.abandon()
            raise exchange.reason() from error
        except BaseException:
            exchange.abandon()
            raise
        finally:
            timer.cancel()
            exchange.met_the_deadline()
        return await exchange.pass_back(send)


class _Exchange:
    """One request on its way."""

    def __init__(self, pool: Pool, scope: Scope, receive: Receive, incoming: Incoming, principal: str | None) -> None:
        self.pool = pool
        self.scope = scope
        self.receive = receive
        self.incoming = incoming
        self.largest = largest_body_of(scope["method"], scope["path"])
        self.request_id = request_id_of(scope).encode("ascii")
        self.principal = principal
        self.connection: Connection | None = None
        self.status = 0
        self.headers: Headers = []
        self._watch: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._takes_care = False
        self._client_has_spoken = False
        self._left = False
        self._late = False
        self._body_sent = False

    async def start(self) -> None:
        """Send the request and wait for the head of the answer."""
        declared = self.incoming.declared_length(self.largest)
        first = await self.receive()
        if first["type"] == "http.disconnect":
            raise ClientLeft
        body: bytes = first.get("body", b"")
        whole = not first.get("more_body", False)
        if len(body) > self.largest:
            raise BodyTooLarge
        framing = framing_of(declared, len(body) if whole else None)
        request = request_head(
            self.scope,
            self.incoming,
            host=self.pool.host_header,
            service=self.pool.service,
            request_id=self.request_id,
            principal=self.principal,
            framing=framing,
        )
        repeatable = whole and self.incoming.repeatable
        for attempt in range(ATTEMPTS):
            fresh = attempt > 0
            connection = self.connection = (None if fresh else self.pool.waiting()) or await self.pool.take(fresh=fresh)
            if self._left or self._late:
                raise UpstreamBroke("given up while connecting")
            is_stale_one = connection.used > 0
            connection.exchange(
                request + body if framing != CHUNKED or not body else request + chunk(body),
                without_body=self.scope["method"] == "HEAD",
            )
            try:
                self._client_has_spoken = whole
                self._body_sent = whole or await self._stream_body(connection, len(body), chunked=framing == CHUNKED)
                self._client_has_spoken = True
                if self._takes_care:
                    self._watch_client()
                self.status, self.headers = await connection.head()
            except UpstreamBroke as error:
                # An idle connection that the service was just closing: it never read the request. Once more, on a new one.
                if fresh or self._left or self._late or not (error.untouched and is_stale_one and repeatable):
                    raise
                self.abandon()
                continue
            if self.status != Misdirected.status:
                return
            # Another service took over the address and did nothing with the request.
            self.abandon()
            self.pool.forget_addresses()
            if not whole:
                break
        raise ServiceUnreachable(retry_after_seconds=1)

    async def pass_back(self, send: Send) -> int:
        """Send the answer to the client as it comes."""
        connection = self.connection
        if connection is None:
            raise RuntimeError("start() comes first")
        headers = answer_headers(self.headers, self.request_id)
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

    def reason(self) -> Exception:
        """Why there is no answer."""
        if self._left:
            return ClientLeft()
        return TooSlow(retry_after_seconds=1) if self._late else BadAnswer(retry_after_seconds=1)

    def take_care(self, deadline_seconds: float) -> None:
        """This one takes its time: watch whether the client stays, and set the deadline."""
        self._takes_care = True
        left = deadline_seconds - WATCH_AFTER_SECONDS
        self._deadline = asyncio.get_running_loop().call_later(left, self._give_up)
        if self._client_has_spoken:
            self._watch_client()

    def met_the_deadline(self) -> None:
        """The answer began: it may last."""
        if self._deadline is not None:
            self._deadline.cancel()

    def _give_up(self) -> None:
        self._late = True
        if self.connection is not None:
            self.connection.close()

    def _release(self) -> None:
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if self._body_sent:
            self.pool.give_back(connection)
        else:
            self.pool.drop(connection)

    async def _stream_body(self, connection: Connection, sent: int, *, chunked: bool) -> bool:
        """Pass the rest of the request body on, counting. False when the service answered before it had read everything."""
        answer = asyncio.ensure_future(connection.head())
        try:
            more = True
            while more:
                message = await self._unless(answer)
                if message is None:
                    return False
                if message["type"] == "http.disconnect":
                    raise ClientLeft
                part: bytes = message.get("body", b"")
                more = message.get("more_body", False)
                sent += len(part)
                if sent > self.largest:
                    raise BodyTooLarge
                if part:
                    await connection.send(chunk(part) if chunked else part)
            if chunked:
                await connection.send(b"0\r\n\r\n")
            return True
        finally:
            answer.cancel()
            await asyncio.wait([answer])
            if not answer.cancelled():
                answer.exception()  # told by whoever asks for the head next

    async def _unless(self, answer: "asyncio.Future[tuple[int, Headers]]") -> Message | None:
        """The next message of the client; None when the service answered (or broke off) first."""
        message = asyncio.ensure_future(self._receive())
        try:
            both: list[asyncio.Future[Any]] = [message, answer]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            message.cancel()
        return message.result() if message.done() and not message.cancelled() else None

    async def _receive(self) -> Message:
        return await self.receive()

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
