"""Whatever refuses a question of Open311, from a wrong method to too many of them: the answer is its list of code and description.

Most refusals come about outside of its routes, where nobody knows its formats. So this goes around the whole gateway and puts problem
documents below its prefix into its words; every other answer passes through untouched.
"""

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.open311.documents import Format, descriptions_of, errors
from shared.http.problems import MEDIA_TYPE

_REPLACED = frozenset({b"content-type", b"content-length"})


class InItsWords:
    """ASGI middleware for the addresses below a prefix that end in `.xml` or `.json`."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix + "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        form = self._form(scope) if scope["type"] == "http" else None
        await self.app(scope, receive, send if form is None else _Translating(send, form))

    def _form(self, scope: Scope) -> Format | None:
        path: str = scope["path"]
        if not path.startswith(self._prefix):
            return None
        if path.endswith(".xml"):
            return "xml"
        return "json" if path.endswith(".json") else None


class _Translating:
    """Holds a problem document back until it is whole, and sends what it says in its place."""

    def __init__(self, send: Send, form: Format) -> None:
        self._send = send
        self._form = form
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        """Pass on, or translate, a message of the answer."""
        if message["type"] == "http.response.start" and _is_problem(message):
            self._start = message
        elif message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._told(self._start)

    async def _told(self, start: Message) -> None:
        said = errors(start["status"], descriptions_of(orjson.loads(self._body)), self._form)
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in _REPLACED]
        headers = [*kept, *((name, value) for name, value in said.raw_headers if name in _REPLACED)]
        await self._send({**start, "status": said.status_code, "headers": headers})
        await self._send({"type": "http.response.body", "body": bytes(said.body)})


def _is_problem(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(MEDIA_TYPE.encode()) for name, value in start["headers"]
    )
