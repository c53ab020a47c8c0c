"""`create_app`: the one factory of every process that serves HTTP."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import AppError
from shared.http.dispatch import Dispatcher
from shared.http.edge import LARGEST_BODY, SAFE_HEADERS, Edge
from shared.http.health import Check, health_routes
from shared.http.problems import Problem, problem_response
from shared.http.refusals import InternalError
from shared.http.routing import Route, Router
from shared.http.translation import response_to
from shared.observability.event_loop import measured_event_loop
from shared.observability.metrics import watch_pool
from shared.security.authorisation import (
    Authenticate,
    Permissions,
    actions_without_roles,
    routes_without_action,
)

Lifespan = AbstractAsyncContextManager[Any]


def create_app(
    *,
    service: str,
    routers: Iterable[Router],
    permissions: Permissions,
    authenticate: Authenticate,
    database: Database | None = None,
    unit_of_work: UnitOfWorkFactory[Any] | None = None,
    lifespan: Sequence[Lifespan] = (),
    liveness: Mapping[str, Check] | None = None,
    readiness: Mapping[str, Check] | None = None,
    title: str | None = None,
    version: str = "0.1.0",
    largest_body: int = LARGEST_BODY,
    headers: tuple[tuple[bytes, bytes], ...] = SAFE_HEADERS,
) -> FastAPI:
    """An app with problems, health, metrics and limits, serving `routers`.

    `lifespan` are async context managers entered at start in order and left in reverse (relay, consumers, clients). `database` is closed
    last. Raises RuntimeError when a route does not say who may call it.
    """

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if database is not None:
                stack.push_async_callback(database.close)
            await stack.enter_async_context(measured_event_loop(service))
            for piece in lifespan:
                await stack.enter_async_context(piece)
            yield

    app = FastAPI(
        title=title or f"Mulin {service}",
        version=version,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    app.state.permissions = permissions
    app.state.authenticate = authenticate
    app.state.database = database
    app.state.unit_of_work = unit_of_work
    # Routes are put in directly: including routers would match every path twice.
    app.router.routes.extend(health_routes(liveness or {}, readiness or {}))
    for router in routers:
        app.router.routes.extend(router.routes)
    dispatcher = Dispatcher(route for route in app.routes if isinstance(route, Route) and route.is_direct)
    app.add_middleware(Edge, service=service, dispatcher=dispatcher, largest_body=largest_body, headers=headers)
    for kind in (AppError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _told)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    if database is not None:
        watch_pool(service, database)
    _check_routes(app)
    return app


async def _told(request: Request, error: Exception) -> Response:
    return response_to(error, request.scope) or problem_response(InternalError(), request.scope)


def _check_routes(app: FastAPI) -> None:
    silent = routes_without_action(app)
    if silent:
        raise RuntimeError(f"these routes do not say who may call them (allow, signed_in or public): {silent}")
    unknown = actions_without_roles(app)
    if unknown:
        raise RuntimeError(f"these actions are not in the permissions of the service: {unknown}")


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with our problem schema in place of FastAPI's."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            routes=[route for route in app.routes if isinstance(route, APIRoute)],
        )
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs", {}))
        schemas["Problem"] = problem
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        app.openapi_schema = document
    return app.openapi_schema
