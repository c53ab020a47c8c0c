"""The front door: every request of the platform passes here first, as plain ASGI.

It counts, finds out who is asking, and sends the request to the service that owns its path, or into the gateway's own app.
Nobody but us says who is asking: whatever a client claims in `X-Mulin-*` stays outside.
"""

import time
from collections.abc import Mapping, Sequence
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.front.address import Network, address_of
from services.gateway.front.connection import UpstreamBroke
from services.gateway.front.credentials import token_of
from services.gateway.front.limits import Buckets, Rate
from services.gateway.front.proxy import ANSWER_BEGAN, ClientLeft, Proxy
from services.gateway.front.refusals import ServiceUnreachable
from services.gateway.front.routes import target_of
from services.gateway.front.translation import Incoming
from services.gateway.identity.callers import Callers
from shared.errors import AppError
from shared.http.context import request_id_of
from shared.http.edge import LARGEST_HEADERS, SAFE_HEADERS
from shared.http.problems import problem_response
from shared.http.refusals import HeadersTooLarge, InternalError
from shared.observability.logging import bound_request, get_logger
from shared.observability.metrics import observe_request

API = "/api/"
SESSIONS = "/api/v1/sessions"
CALLER = "mulin.caller"
TOKEN = "mulin.token"  # noqa: S105 - a key of the scope
ADDRESS = "mulin.address"
PRINCIPAL = "mulin.principal"
"""Where shared.security looks for the principal of a request."""
CLIENT_LEFT = 499

_log = get_logger("front")


class Front:
    """ASGI middleware around the gateway's own app."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        callers: Callers,
        proxies: Mapping[str, Proxy],
        per_address: Rate,
        persons: Buckets[UUID],
        trusted_proxies: Sequence[Network] = (),
    ) -> None:
        self.app = app
        self.callers = callers
        self.proxies = proxies
        self._addresses: Buckets[str] = Buckets(per_address)
        self._persons = persons
        self._trusted = tuple(trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        service, community = target_of(scope["path"])
        started = time.perf_counter()
        status = 0
        try:
            scope[ADDRESS] = address_of(scope, self._trusted)
            self._addresses.admit(scope[ADDRESS])
            if service is None:
                await self._own(scope, community)
            else:
                status = await self._elsewhere(scope, receive, send, service, community)
        except AppError as refusal:
            status = await _refuse(refusal, scope, receive, send)
        except ClientLeft:
            status = CLIENT_LEFT
        except UpstreamBroke as broke:
            # Part of the answer is out: returning without its end makes the server cut the connection, the only honest sign.
            status = 502
            _log.warning("answer.broke_off", kind=service, reason=str(broke), request_id=request_id_of(scope))
        except Exception:
            _log.exception("request.failed", method=scope["method"], kind=service, request_id=request_id_of(scope))
            if scope.get(ANSWER_BEGAN):
                raise
            status = await _refuse(InternalError(), scope, receive, send)
        if status:
            observe_request(
                "gateway", scope["method"], f"-> {service or 'gateway'}", status, time.perf_counter() - started
            )
            return
        await self.app(scope, receive, send)

    async def _own(self, scope: Scope, community: str | None) -> None:
        """Tell the gateway's own app who is asking."""
        path: str = scope["path"]
        if not path.startswith(API) or (path == SESSIONS and scope["method"] == "POST"):
            return
        token = token_of(scope)
        if token is None:
            return
        caller = await self.callers.caller(token)
        self._persons.admit(caller.person)
        scope[CALLER], scope[TOKEN] = caller, token
        scope[PRINCIPAL] = await self.callers.principal(token, community)

    async def _elsewhere(self, scope: Scope, receive: Receive, send: Send, service: str, community: str | None) -> int:
        """Pass the request on to its service."""
        incoming = Incoming(scope)
        if incoming.size > LARGEST_HEADERS:
            raise HeadersTooLarge()
        token = _token(scope, incoming)
        signed = None
        if token is not None:
            known = self.callers.known(token, community, service)
            caller, signed = known or await self.callers.signed(token, community, service)
            self._persons.admit(caller.person)
        proxy = self.proxies.get(service)
        if proxy is None:
            raise ServiceUnreachable(retry_after_seconds=5)
        return await proxy(scope, receive, send, incoming=incoming, principal=signed)


def _token(scope: Scope, incoming: Incoming) -> str | None:
    """`token_of`, without looking at the headers again for what is not there."""
    given = incoming.authorization
    if given is not None and given.startswith(b"Bearer mls_"):
        return given[7:].decode("latin-1")
    return token_of(scope) if given is not None or incoming.other_credentials else None


async def _refuse(refusal: AppError, scope: Scope, receive: Receive, send: Send) -> int:
    """Answer with a problem document."""
    with bound_request(request_id_of(scope)):
        response = problem_response(refusal, scope)
        response.headers["x-request-id"] = request_id_of(scope)
        for name, value in SAFE_HEADERS:
            response.headers[name.decode()] = value.decode()
        if response.status_code >= InternalError.status:
            _log.warning("request.refused", slug=refusal.slug, status=response.status_code)
        await response(scope, receive, send)
        return response.status_code
