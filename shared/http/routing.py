"""`Router`: FastAPI's router with our rules built in.

A body is read once, from its bytes, by the strict model. Every operation documents the refusals of its dependencies. The operation id is
the name of the function, and every route states who may call it, by `allow`, `signed_in` or `public`.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.database.engine import COMMUNITY_PATTERN
from shared.errors import Invalid, Unavailable
from shared.http.handling import Handler, body_reader, handler, is_simple
from shared.http.operation import notes_of
from shared.http.problems import merged, problems
from shared.http.refusals import BodyTooLarge, InternalError, MalformedRequest, UnsupportedMediaType

ALWAYS = problems(MalformedRequest, Invalid, InternalError, Unavailable)
WITH_BODY = problems(BodyTooLarge, UnsupportedMediaType)


class Route(APIRoute):
    """An operation. Made by `Router`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        options["operation_id"] = options.get("operation_id") or getattr(endpoint, "__name__", None)
        super().__init__(path, endpoint, **options)
        found = [notes for call in _calls(self.dependant) if (notes := notes_of(call)) is not None]
        self.responses = merged(
            self.responses, *(problems(*notes.errors) for notes in found), WITH_BODY if self.body_field else {}, ALWAYS
        )
        extra: dict[str, Any] = {}
        for notes in found:
            extra |= notes.extra
        parameters = {parameter["name"]: dict(parameter) for notes in found for parameter in notes.parameters}
        documented = {*parameters, *(param.alias for param in _path_params(self.dependant))}
        parameters |= {name: in_path(name) for name in self.param_convertors if name not in documented}
        if parameters:
            extra["parameters"] = list(parameters.values())
        self.openapi_extra = {**extra, **(self.openapi_extra or {})}

        self.is_direct = is_simple(self.dependant) and not isinstance(self.response_class, type)
        """Whether this route needs nothing of FastAPI while it serves."""
        if self.is_direct:
            handle = handler(self.dependant, status=self.status_code, response_type=self.response_model)
            self.app = _asgi(handle)

    def get_route_handler(self) -> Handler:
        """Take the JSON body out of FastAPI's hands: it would parse it to Python first and lose strictness and time."""
        body = self.body_field
        if body is None or isinstance(body.field_info, Form):
            return super().get_route_handler()
        if self._embed_body_fields or len(self.dependant.body_params) != 1:
            raise TypeError(f"{self.path}: an operation takes one body model")
        parameter = self.dependant.body_params[0]
        info = parameter.field_info
        reader = body_reader(parameter._type_adapter, required=info.is_required(), default=info.default)
        self.dependant.body_params = []
        self.dependant.dependencies.append(
            Dependant(call=reader, name=parameter.name, request_param_name="request", path=self.path_format)
        )
        self.body_field = None
        try:
            return super().get_route_handler()
        finally:
            self.body_field = body


class Router(APIRouter):
    """Collects the operations of a service: `router = Router(prefix="/api/v1/communities/{community}", tags=["issues"])`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, redirect_slashes=False, **options)


def _asgi(handle: Handler) -> ASGIApp:
    """Refusals pass through to the app, which has one table for them."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handle(Request(scope, receive, send))
        await response(scope, receive, send)

    return serve


def in_path(name: str) -> dict[str, Any]:
    """A path parameter that no function asks for, because a dependency reads it: nearly always the community."""
    schema: dict[str, Any] = {"type": "string"}
    if name == "community":
        schema |= {"pattern": f"^{COMMUNITY_PATTERN.pattern}$", "examples": ["feicuicheng"]}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _path_params(dependant: Dependant) -> list[ModelField]:
    return [*dependant.path_params, *(param for below in dependant.dependencies for param in _path_params(below))]


def _calls(dependant: Dependant) -> list[Callable[..., Any]]:
    found: list[Callable[..., Any]] = []
    for dependency in dependant.dependencies:
        if dependency.call is not None:
            found.append(dependency.call)
        found.extend(_calls(dependency))
    return found
