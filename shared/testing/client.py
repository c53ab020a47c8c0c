"""Calls an app in this process, without a socket: `async with Client(app) as client: answer = await client.get("/healthz")`."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, MutableMapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlencode

import orjson
from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)

    @property
    def slug(self) -> str:
        """Slug of the problem that came back; empty if it was none."""
        if self.headers.get("content-type", "").startswith("application/problem+json"):
            return str(self.json()["type"]).removeprefix("/problems/")
        return ""

    @property
    def fields(self) -> dict[str, str]:
        """Field -> message of the problem that came back."""
        return {error["field"]: error["message"] for error in self.json().get("errors", ())}


class Client:
    """Speaks ASGI to an app. Entering it runs the app's lifespan; `headers` go with every request."""

    def __init__(self, app: FastAPI, headers: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.headers = dict(headers or {})
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start the app."""
        await self._stack.enter_async_context(self.app.router.lifespan_context(self.app))
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Stop the app."""
        await self._stack.aclose()

    async def get(self, path: str, **options: Any) -> Answer:
        """GET; see `request`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """POST; see `request`."""
        return await self.request("POST", path, **options)

    async def patch(self, path: str, **options: Any) -> Answer:
        """PATCH; see `request`."""
        return await self.request("PATCH", path, **options)

    async def put(self, path: str, **options: Any) -> Answer:
        """PUT; see `request`."""
        return await self.request("PUT", path, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        """DELETE; see `request`."""
        return await self.request("DELETE", path, **options)

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> Answer:
        """Send one request. `content` as a list of chunks is streamed without a content length."""
        sent = [(k.lower(), v) for k, v in self.headers.items()]
        given = [(k.lower(), v) for k, v in (headers.items() if isinstance(headers, Mapping) else headers)]
        replaced = {name for name, _ in given}
        all_headers = [(k, v) for k, v in sent if k not in replaced] + given
        if json is not None:
            content = orjson.dumps(json)
            if "content-type" not in dict(all_headers):
                all_headers.append(("content-type", "application/json"))
        chunks = [content] if isinstance(content, bytes) else list(content or [])
        if isinstance(content, bytes):
            all_headers.append(("content-length", str(len(content))))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": urlencode(params or {}, doseq=True).encode(),
            "root_path": "",
            "headers": [(k.encode("latin-1"), v.encode("latin-1")) for k, v in all_headers],
            "client": ("127.0.0.1", 50000),
            "server": ("testserver", 80),
            "state": {},
        }
        return await _call(self.app, scope, chunks)


async def _call(app: FastAPI, scope: MutableMapping[str, Any], chunks: list[bytes]) -> Answer:
    messages = _body_messages(chunks)
    status, headers, body = 0, {}, b""

    async def receive() -> dict[str, Any]:
        return await anext(messages)

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status, headers, body
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in message["headers"]}
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")

    await app(scope, receive, send)
    return Answer(status, headers, body)


async def _body_messages(chunks: list[bytes]) -> AsyncIterator[dict[str, Any]]:
    for index, chunk in enumerate(chunks):
        yield {"type": "http.request", "body": chunk, "more_body": index + 1 < len(chunks)}
    if not chunks:
        yield {"type": "http.request", "body": b"", "more_body": False}
    await asyncio.Event().wait()  # the client stays connected until it has its answer
