"""Who may do what: one matrix action -> roles per service (`permissions.py`), asked by `allow(action)` on every route.

A route says `who: Annotated[Principal, allow(Action.ACCEPT_ISSUE)]`. The app refuses to start with a route that says nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.params import Depends as DependsParameter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import Scope

from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.http.context import header
from shared.http.operation import OperationNotes, documented
from shared.principal import Principal, Role
from shared.security.tokens import PrincipalVerifier

PRINCIPAL_HEADER = "X-Mulin-Principal"
EVERY_ROLE = frozenset(Role)
"""For actions that every member of a community may do."""
PUBLIC, SIGNED_IN = "public", "signed-in"
_KNOWN = "mulin.principal"

Permissions = Mapping[Any, frozenset[Role]]
"""Action of the service -> roles that may do it. Written out in full, deny by default."""
Authenticate = Callable[[Request], Awaitable[Principal]]
"""How an app finds out who is asking. Raises Unauthenticated."""


def by_signed_header(verifier: PrincipalVerifier) -> Authenticate:
    """Services trust nothing but the token that the gateway signed for them."""

    async def authenticate(request: Request) -> Principal:
        token = header(request.scope, b"x-mulin-principal")
        if token is None:
            raise Unauthenticated
        return verifier.verify(token)

    return authenticate


async def principal_of(request: Request) -> Principal:
    """Who is asking; found out once per request."""
    known: Principal | None = request.scope.get(_KNOWN)
    if known is None:
        authenticate: Authenticate = request.app.state.authenticate
        known = request.scope[_KNOWN] = await authenticate(request)
    return known


def known_principal(scope: Scope) -> Principal | None:
    """The principal of a request that has been authenticated already, for logs."""
    return scope.get(_KNOWN)


def community_of(request: Request, principal: Principal) -> str:
    """The community of this request. NotFound when the path names another one than the principal was signed for: both look the same as a missing id."""
    asked = request.path_params.get("community", principal.community)
    if asked is None or asked != principal.community:
        raise NotFound
    return str(asked)


def allow(action: StrEnum) -> Any:
    """Dependency: the principal, if one of its roles may do `action` in the community of the path."""

    @documented(OperationNotes(errors=(Unauthenticated, Forbidden, NotFound), extra={"x-action": str(action.value)}))
    async def allowed(request: Request) -> Principal:
        principal = await principal_of(request)
        if "community" in request.path_params:
            community_of(request, principal)
        permissions: Permissions = request.app.state.permissions
        if principal.roles.isdisjoint(permissions[action]):
            raise Forbidden
        return principal

    allowed.action = action  # type: ignore[attr-defined]
    return Depends(allowed)


async def _signed_in(request: Request) -> Principal:
    principal = await principal_of(request)
    if "community" in request.path_params:
        community_of(request, principal)
    return principal


documented(OperationNotes(errors=(Unauthenticated, NotFound), extra={"x-action": SIGNED_IN}))(_signed_in)


def signed_in() -> Any:
    """Dependency: the principal, whatever roles it has. For one's own things only."""
    return Depends(_signed_in)


async def _public() -> None:
    return None


documented(OperationNotes(extra={"x-action": PUBLIC}))(_public)


def public() -> DependsParameter:
    """For routes without login: `@router.get(..., dependencies=[public()])`."""
    found: DependsParameter = Depends(_public)
    return found


def actions_by_route(app: FastAPI) -> dict[str, str | None]:
    """`"POST /api/v1/…/accept"` -> action, `signed-in`, `public`, or None where nothing is said."""
    table: dict[str, str | None] = {}
    for route in app.routes:
        if isinstance(route, APIRoute):
            action = (route.openapi_extra or {}).get("x-action")
            for method in sorted(route.methods or ()):
                table[f"{method} {route.path_format}"] = action
    return table


def routes_without_action(app: FastAPI) -> list[str]:
    """Routes that do not say who may call them. Empty is good."""
    return [route for route, action in actions_by_route(app).items() if action is None]


def actions_without_roles(app: FastAPI) -> list[str]:
    """Actions of routes that the matrix of the app does not know. Empty is good."""
    permissions: Permissions = app.state.permissions
    known = {str(action) for action in permissions} | {PUBLIC, SIGNED_IN}
    return sorted({action for action in actions_by_route(app).values() if action is not None and action not in known})


def permission_table(app: FastAPI) -> dict[str, frozenset[Role]]:
    """`"POST /api/v1/…/accept"` -> roles that may call it; for the checked-in matrix and for tests of every route × role."""
    permissions: Permissions = app.state.permissions
    roles = {str(action): allowed for action, allowed in permissions.items()}
    return {
        route: EVERY_ROLE if action in (PUBLIC, SIGNED_IN) else roles.get(action or "", frozenset())
        for route, action in actions_by_route(app).items()
    }
