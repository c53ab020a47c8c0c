"""`Router`: FastAPI's router with our rules built in.

A body is read once, from its bytes, by the strict model. Every operation documents the refusals of its dependencies. The operation id is
the name of the function, and every route states who may call it, by `allow`, `signed_in` or `public`.
"""

from collections.abc import Callable, Coroutine
from copy import copy
from typing import Any

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.params import Body, Form
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Invalid, Unavailable
from shared.http.bodies import read_json, refuse_unsafe_values
from shared.http.operation import notes_of
from shared.http.problems import merged, problems
from shared.http.refusals import BodyTooLarge, InternalError, MalformedRequest, UnsupportedMediaType
from shared.http.validation import refusal_of

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
        parameters = [dict(parameter) for notes in found for parameter in notes.parameters]
        if parameters:
            extra["parameters"] = parameters
        self.openapi_extra = {**extra, **(self.openapi_extra or {})}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Take the JSON body out of FastAPI's hands: it would parse it to Python first and lose strictness and time."""
        field = self.body_field
        if field is None or isinstance(field.field_info, Form):
            return super().get_route_handler()
        if self._embed_body_fields or len(self.dependant.body_params) != 1:
            raise TypeError(f"{self.path}: an operation takes one body model")
        parameter = self.dependant.body_params[0]
        info = parameter.field_info
        if not isinstance(info, Body):
            raise TypeError(f"{self.path}: the body must be a model")
        reader = _reader(parameter._type_adapter, required=info.is_required(), default=info.default)
        dependant = copy(self.dependant)
        dependant.body_params = []
        dependant.dependencies = [
            *dependant.dependencies,
            Dependant(call=reader, name=parameter.name, request_param_name="request", path=self.path_format),
        ]
        self.dependant, self.body_field = dependant, None
        try:
            return super().get_route_handler()
        finally:
            self.body_field = field


class Router(APIRouter):
    """Collects the operations of a service: `router = Router(prefix="/api/v1/communities/{community}", tags=["issues"])`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=Route, redirect_slashes=False, **options)


def _reader(adapter: "TypeAdapter[Any]", *, required: bool, default: Any) -> Callable[[Request], Any]:
    async def read_body(request: Request) -> Any:
        if not required and not await request.body():
            return default
        content = await read_json(request)
        refuse_unsafe_values(content)
        try:
            return adapter.validate_json(content)
        except ValidationError as error:
            raise refusal_of(error.errors(include_url=False, include_input=False)) from None

    return read_body


def _calls(dependant: Dependant) -> list[Callable[..., Any]]:
    found: list[Callable[..., Any]] = []
    for dependency in dependant.dependencies:
        if dependency.call is not None:
            found.append(dependency.call)
        found.extend(_calls(dependency))
    return found
