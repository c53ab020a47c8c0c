"""How an operation is called: its dependencies and parameters are looked at once, when the app is built, not at every request.

FastAPI solves dependencies anew for each request, which costs as much as the rest of a small command (about 90 of 220 µs, measured in
process). What an operation declares stays FastAPI's, so the OpenAPI document is unchanged; what this module does not know (generators,
forms, background tasks …) is left to FastAPI.
"""

from collections.abc import Awaitable, Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from shared.http.bodies import read_json, refuse_unsafe_values
from shared.http.validation import refusal_of
from shared.http.versions import headers_for

Call = Callable[[Request], Awaitable[Any]]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def is_simple(dependant: Dependant) -> bool:
    """Whether an operation or dependency and all below it are plain coroutines of request, path, query, headers and body."""
    special = (
        dependant.cookie_params
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.concurrency
    )
    return not special and iscoroutinefunction(dependant.call) and all(map(is_simple, dependant.dependencies))


def prepared(dependant: Dependant) -> Call:
    """A coroutine function that gets everything `dependant` asks for out of a request and calls it."""
    call: Callable[..., Awaitable[Any]] = dependant.call  # type: ignore[assignment]
    wanted = dependant.request_param_name
    below = [(sub.name, prepared(sub)) for sub in dependant.dependencies]
    in_path, in_query, in_headers = dependant.path_params, dependant.query_params, dependant.header_params
    if not (below or in_path or in_query or in_headers):
        if wanted is None:
            return lambda _request: call()
        if wanted == "request":
            return lambda request: call(request=request)

    async def run(request: Request) -> Any:
        values: dict[str, Any] = {}
        for name, get in below:
            found = await get(request)
            if name is not None:
                values[name] = found
        findings: list[Any] = []
        for field in in_path:
            value, errors = field.validate(request.path_params.get(field.alias), loc=("path", field.alias))
            values[field.name] = value
            findings += errors
        if in_query:
            given, errors = request_params_to_args(in_query, request.query_params)
            values |= given
            findings += errors
        if in_headers:
            given, errors = request_params_to_args(in_headers, request.headers)
            values |= given
            findings += errors
        if findings:
            raise refusal_of(findings)
        if wanted is not None:
            values[wanted] = request
        return await call(**values)

    return run


def handler(dependant: Dependant, *, status: int | None, response_type: Any) -> Handler:
    """The whole operation: call it, and turn what it returns into a response if it is none yet."""
    run = prepared(dependant)
    adapter = None if response_type is None else TypeAdapter[Any](response_type)

    async def handle(request: Request) -> Response:
        result = await run(request)
        if isinstance(result, Response):
            return result
        if result is None and adapter is None:
            return Response(status_code=status or 204)
        if isinstance(result, BaseModel):
            content, headers = result.__pydantic_serializer__.to_json(result), headers_for(result)
        elif adapter is not None:
            content, headers = adapter.dump_json(adapter.validate_python(result, from_attributes=True)), {}
        else:
            raise TypeError(f"{dependant.path}: an operation returns a view or a response, not {type(result).__name__}")
        return Response(content, status_code=status or 200, headers=headers, media_type="application/json")

    return handle


def body_reader(adapter: "TypeAdapter[Any]", *, required: bool, default: Any) -> Callable[[Request], Awaitable[Any]]:
    """A dependency that validates the JSON body once, straight from its bytes."""

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
