"""Services to stand behind the gateway in tests: they tell what reached them, or misbehave in one way."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass
class Telling:
    """Answers 200 with what it received; behaves differently below `/…/issues/<word>`."""

    seen: list[dict[str, Any]] = field(default_factory=list)
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        word = scope["path"].rstrip("/").rsplit("/", 1)[-1]
        if word == "slow":
            await self._wait(receive)
            return
        if word == "early":
            await _answer(send, 413, b'{"early":true}')
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.seen.append({"method": scope["method"], "path": scope["path"], "headers": headers, "length": len(body)})
        times_seen = sum(one["path"] == scope["path"] for one in self.seen)
        if word == "elsewhere" or (word == "moved" and times_seen == 1):
            await _answer(send, 421, b"{}", b"application/problem+json")
        elif word == "problem":
            content = orjson.dumps({"type": "/problems/transition-refused", "title": "不行", "status": 409})
            extra = [(b"content-language", b"zh"), (b"etag", b'"7"'), (b"retry-after", b"3")]
            await _answer(send, 409, content, b"application/problem+json", extra)
        elif word == "stream":
            await self._stream(send)
        elif word == "big":
            await _answer(send, 200, b"x" * (3 * 1024 * 1024))
        elif word == "empty":
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        elif word == "leaky":
            extra = [(b"connection", b"x-own"), (b"x-mulin-secret", b"inside"), (b"server", b"upstream")]
            await _answer(send, 200, b"{}", b"application/json", extra)
        elif word == "breaks":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
            await send({"type": "http.response.body", "body": b"half", "more_body": True})
            raise RuntimeError("broken on purpose")
        else:
            await _answer(send, 200, orjson.dumps(self.seen[-1]))

    async def _wait(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.cancelled.set()

    async def _stream(self, send: Any) -> None:
        """Two events; the second only when the test has seen the first."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        await send({"type": "http.response.body", "body": b"data: one\n\n", "more_body": True})
        await self.released.wait()
        await send({"type": "http.response.body", "body": b"data: two\n\n", "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _answer(
    send: Any,
    status: int,
    body: bytes,
    kind: bytes = b"application/json",
    extra: list[tuple[bytes, bytes]] | None = None,
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
