"""The outermost layer of every app, one pure-ASGI wrapper: request id, size limits, metrics, log line, last resort for our own mistakes."""

import time
from collections.abc import MutableMapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.context import header, request_id_of
from shared.http.dispatch import Dispatcher
from shared.http.problems import problem_response
from shared.http.refusals import BodyTooLarge, HeadersTooLarge, InternalError, MalformedRequest, Misdirected
from shared.http.translation import response_to
from shared.http.uploads import largest_upload_of
from shared.observability.logging import bound_request, get_logger
from shared.observability.metrics import IN_PROGRESS, observe_request

LARGEST_BODY = 1024 * 1024
LARGEST_HEADERS = 16 * 1024
SLOW_SECONDS = 1.0
MEANT_FOR = b"x-mulin-service"
"""Header in which the gateway names the service that it means."""
UNMATCHED = "(none)"
SAFE_HEADERS = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))

_log = get_logger("http")


class Edge:
    """ASGI middleware. Everything it needs of a request is in the scope; it never buffers a body."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        dispatcher: Dispatcher,
        largest_body: int = LARGEST_BODY,
        headers: tuple[tuple[bytes, bytes], ...] = SAFE_HEADERS,
    ) -> None:
        self.app = app
        self.service = service
        self.dispatcher = dispatcher
        self.largest_body = largest_body
        self.headers = headers
        self.in_progress = IN_PROGRESS.labels(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = request_id_of(scope)
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, request_id, self.headers)
            await send(message)

        self.in_progress.inc()
        with bound_request(request_id):
            try:
                await self._serve(scope, receive, send_with_id)
            except ClientDisconnect:
                pass  # nobody is there to be told; counted as 499
            except Exception as error:
                response = response_to(error, scope)
                if response is None:
                    _log.exception("request.failed", method=scope["method"], route=route_of(scope))
                    response = problem_response(InternalError(), scope)
                if status:  # part of the answer is out: cutting the connection is the only honest end
                    raise
                await response(scope, receive, send_with_id)
            finally:
                self.in_progress.dec()
                self._observe(scope, status, time.perf_counter() - started)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
            await problem_response(HeadersTooLarge(), scope)(scope, receive, send)
            return
        if (header(scope, MEANT_FOR) or self.service) != self.service:
            await problem_response(Misdirected(), scope)(scope, receive, send)
            return
        route = self.dispatcher.find(scope)
        app = self.app if route is None else route.app
        largest = (largest_upload_of(route.endpoint) if route is not None else None) or self.largest_body
        announced = header(scope, b"content-length")
        if announced is not None:
            if not (announced.isascii() and announced.isdigit()):
                await problem_response(MalformedRequest(), scope)(scope, receive, send)
                return
            if int(announced[:19]) > largest:
                await problem_response(BodyTooLarge(), scope)(scope, receive, send)
                return
            await app(scope, receive, send)  # the server ends a body at its announced length
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > largest:
                    raise BodyTooLarge
            return message

        await app(scope, counted, send)

    def _observe(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        observe_request(self.service, scope["method"], route, status or 499, seconds)
        if status >= 500 or seconds > SLOW_SECONDS:
            _log.warning(
                "request.slow_or_failed",
                method=scope["method"],
                route=route,
                status=status,
                duration_ms=round(seconds * 1000, 1),
            )


def route_of(scope: Scope) -> str:
    """The template of the matched route, never the concrete path: bounded, and without ids."""
    template: str | None = getattr(scope.get("route"), "path_format", None) or getattr(scope.get("route"), "path", None)
    return template or UNMATCHED


def _add_headers(message: MutableMapping[str, Any], request_id: str, more: tuple[tuple[bytes, bytes], ...]) -> None:
    headers = list(message.get("headers", ()))
    present = {name.lower() for name, _ in headers}
    headers.append((b"x-request-id", request_id.encode()))
    headers.extend((name, value) for name, value in more if name not in present)
    message["headers"] = headers
