"""One HTTP/1.1 connection to a service: a request at a time, the answer as head and chunks, nothing buffered beyond a window.

httptools parses; this class only keeps count. Measured beside aiohttp's client it costs half the CPU per request, and the
gateway is the one program that every request passes.
"""

import asyncio
from collections import deque

import httptools

WINDOW = 256 * 1024
"""Bytes of an answer that may wait for a slow client before we stop reading from the service."""
LONGEST_HEAD = 64 * 1024

Headers = list[tuple[bytes, bytes]]


class UpstreamBroke(Exception):
    """The connection ended or spoke nonsense before the answer was whole."""

    def __init__(self, reason: str, *, untouched: bool = False) -> None:
        super().__init__(reason)
        self.untouched = untouched
        """Not a byte of an answer came: on a connection that had been idle, the request was not even read."""


class Connection(asyncio.Protocol):
    """A connection. `exchange` starts a request; then `head` and `chunk` give the answer until `chunk` gives None."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.used = 0
        self.idle_since = 0.0
        self.status = 0
        self.headers: Headers = []
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._chunks: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._reading_paused = False
        self._has_head = False
        self._is_whole = True
        self._touched = False
        self._without_body = False
        self._keep_alive = False
        self._broken: str | None = None
        self._head_size = 0

    @property
    def usable(self) -> bool:
        """Whether another request may be sent."""
        return (
            self._broken is None
            and self._is_whole
            and (self._keep_alive or self.used == 0)
            and self.transport is not None
            and not self.transport.is_closing()
        )

    def exchange(self, request: bytes, *, without_body: bool) -> None:
        """Send the head of a request (with its body, or what there is of it). `without_body`: HEAD, which has none."""
        if self.transport is None:
            raise UpstreamBroke("not connected", untouched=True)
        self.used += 1
        self.status, self.headers = 0, []
        self._has_head = self._is_whole = self._touched = self._keep_alive = False
        self._without_body = without_body
        self._head_size = 0
        self.transport.write(request)

    async def send(self, part: bytes) -> None:
        """Send more of the request; waits while the service does not read."""
        if self.transport is None or self._broken is not None:
            raise UpstreamBroke(self._broken or "closed")
        self.transport.write(part)
        if self._writable is not None:
            await self._writable

    @property
    def has_head(self) -> bool:
        """Whether status and headers have come."""
        return self._has_head

    async def head(self) -> tuple[int, Headers]:
        """Status and headers of the answer."""
        while not self._has_head:
            if self._broken is not None:
                raise UpstreamBroke(self._broken, untouched=not self._touched)
            await self._news()
        return self.status, self.headers

    def ready_body(self) -> bytes | None:
        """The whole body if it has all come already, else None."""
        if not self._is_whole:
            return None
        return self._taken()

    async def chunk(self) -> bytes | None:
        """The next part of the body; None at its end."""
        while not self._chunks:
            if self._is_whole:
                return None
            if self._broken is not None:
                raise UpstreamBroke(self._broken)
            await self._news()
        return self._taken()

    def close(self) -> None:
        """Break the connection off."""
        if self.transport is not None:
            self.transport.abort()
        self._lost("closed")

    def _taken(self) -> bytes:
        part = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._waiting_bytes = 0
        if self._reading_paused and self.transport is not None:
            self._reading_paused = False
            self.transport.resume_reading()
        return part

    async def _news(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _lost(self, reason: str) -> None:
        if self._broken is None:
            self._broken = reason
        if self._writable is not None and not self._writable.done():
            self._writable.set_exception(UpstreamBroke(reason))
            self._writable.exception()
        self._wake()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, _exc: Exception | None) -> None:
        """It ended. That is also how a body without a length ends."""
        if self._has_head and not self._is_whole and self._ends_with_connection():
            self._is_whole = True
        self._lost("the service closed the connection")

    def data_received(self, data: bytes) -> None:
        """Bytes of an answer; bytes that nobody asked for break the connection."""
        if self._is_whole:
            self.close()
            return
        self._touched = True
        if not self._has_head:
            self._head_size += len(data)
            if self._head_size > LONGEST_HEAD + WINDOW:
                self._lost("the head of the answer is too long")
                return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self.transport is not None:
                self.transport.abort()
            self._lost(f"no HTTP answer: {error.__class__.__name__}")
            return
        if self._waiting_bytes > WINDOW and not self._reading_paused and self.transport is not None:
            self._reading_paused = True
            self.transport.pause_reading()
        self._wake()

    def pause_writing(self) -> None:
        """The service reads too slowly."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """The service reads again."""
        waiting, self._writable = self._writable, None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    # httptools

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the answer."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Status and headers are known; a 1xx answer is only a promise of one."""
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            self.headers = []
            return
        self.status = status
        self._keep_alive = self._parser.should_keep_alive()
        self._has_head = True
        if self._without_body:
            # The parser would wait for a body that HEAD never has: take what is there and let the connection go.
            self._is_whole, self._keep_alive = True, False

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        if not self._is_whole:
            self._chunks.append(body)
            self._waiting_bytes += len(body)

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._has_head:
            self._is_whole = True

    def _ends_with_connection(self) -> bool:
        return not any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)
