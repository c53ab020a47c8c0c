"""Problem documents (RFC 9457): how a refusal looks on the wire and in the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from pydantic import BaseModel, Field
from starlette.responses import Response
from starlette.types import Scope

from shared.errors import AppError, Kind
from shared.http.context import Language, language_of, request_id_of
from shared.http.refusals import status_of

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="字段路径，如 plan.steps.0.title。Path of the field, such as plan.steps.0.title")
    message: str


class Problem(BaseModel):
    """问题说明（RFC 9457）。A refusal, in the language of `Accept-Language` (zh by default)."""

    type: str = Field(description="/problems/<slug>; stable, for programs")
    title: str
    status: int
    detail: str
    instance: str = Field(description="请求编号。Id of the request, also in the X-Request-Id header and in the logs")
    errors: list[FieldProblem] | None = None


def problem_response(error: AppError, scope: Scope) -> Response:
    """The refusal as the caller sees it."""
    language = language_of(scope)
    status = status_of(error)
    headers: dict[str, str] = {"content-language": language}
    if error.retry_after_seconds is not None:
        headers["retry-after"] = str(error.retry_after_seconds)
    elif error.kind is Kind.UNAVAILABLE:
        headers["retry-after"] = "1"
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    body = problem_document(error, language=language, request_id=request_id_of(scope))
    return Response(orjson.dumps(body), status_code=status, headers=headers, media_type=MEDIA_TYPE)


def problem_document(error: AppError, *, language: Language, request_id: str) -> dict[str, Any]:
    """The members of the problem document."""
    document: dict[str, Any] = {
        "type": f"/problems/{error.slug}",
        "title": error.title(language),
        "status": status_of(error),
        "detail": error.detail(language),
        "instance": request_id,
    }
    if error.fields:
        texts = error.field_texts(language)
        document["errors"] = [{"field": field, "message": message} for field, message in texts.items()]
    for name, value in error.members.items():
        document.setdefault(name, value)
    return document


def problems(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """Document the refusals of an operation: `@router.post(..., responses=problems(IssueNotFound, TransitionRefused))`."""
    responses: dict[int | str, dict[str, Any]] = {}
    for error in errors:
        status = status_of(error)
        examples = responses.setdefault(status, {})
        examples[error.slug] = {"summary": f"{error.title_zh} {error.title_en}", "value": _example(error, status)}
    return {status: _documented(examples) for status, examples in responses.items()}


def merged(*documented: Mapping[int | str, Any]) -> dict[int | str, Any]:
    """Several results of `problems` as one, examples of the same status side by side; earlier ones come first."""
    result: dict[int | str, Any] = {}
    for responses in documented:
        for status, response in responses.items():
            known = result.get(status)
            examples = response.get("content", {}).get(MEDIA_TYPE, {}).get("examples")
            if known is None or examples is None or MEDIA_TYPE not in known.get("content", {}):
                result.setdefault(status, response)
                continue
            result[status] = _documented({**examples, **known["content"][MEDIA_TYPE]["examples"]})
    return result


def all_problems() -> dict[str, type[AppError]]:
    """Every refusal the running program knows, by slug, for the pages at /problems/<slug>."""
    return {error.slug: error for error in _walk(AppError)}


def _walk(error: type[AppError]) -> Iterator[type[AppError]]:
    yield error
    for child in error.__subclasses__():
        yield from _walk(child)


def _documented(examples: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": " · ".join(example["summary"] for example in examples.values()),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": dict(examples)}},
    }


def _example(error: type[AppError], status: int) -> dict[str, Any]:
    return {
        "type": f"/problems/{error.slug}",
        "title": error.title_zh,
        "status": status,
        "detail": error.title_zh,
        "instance": "019ab1c2-0000-7000-8000-000000000000",
    }
