"""Every exception of a request as a refusal: one place for the app's handlers and for the edge."""

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from shared.errors import AppError, Forbidden, Unauthenticated
from shared.http.problems import problem_response
from shared.http.refusals import HttpRefusal, InternalError, MethodNotAllowed, NoSuchRoute
from shared.http.validation import refusal_of

OF_STATUS: dict[int, type[AppError]] = {401: Unauthenticated, 403: Forbidden, 404: NoSuchRoute, 405: MethodNotAllowed}


def response_to(error: Exception, scope: Scope) -> Response | None:
    """The problem document for an exception, or None if it is a mistake of ours that must be logged."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    response = problem_response(refusal, scope)
    allowed = (getattr(error, "headers", None) or {}).get("Allow")
    if allowed is not None:
        response.headers["allow"] = allowed
    return response


def _refusal(error: Exception) -> AppError | None:
    if isinstance(error, AppError):
        return error
    if isinstance(error, RequestValidationError):
        return refusal_of(error.errors())
    if isinstance(error, HTTPException):
        if isinstance(error.__cause__, AppError):
            return error.__cause__  # FastAPI wraps what was raised while it read a form
        kind = OF_STATUS.get(error.status_code)
        if kind is not None:
            return kind()
        return HttpRefusal() if error.status_code < 500 else InternalError()
    return None
