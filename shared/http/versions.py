"""`ETag` and `If-Match`: the version a person looked at when deciding."""

import re
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from shared.errors import PreconditionFailed
from shared.http.context import header_values
from shared.http.operation import OperationNotes, documented
from shared.http.refusals import MalformedRequest

_STRONG = re.compile(r'"([0-9]{1,9})"')


def etag(version: int) -> str:
    """The `ETag` of a version."""
    return f'"{version}"'


def version_asked(request: Request) -> int | None:
    """The version in `If-Match`, None if it is missing or `*`. Raises MalformedRequest, and PreconditionFailed for a tag that we never gave out."""
    given = header_values(request.scope, b"if-match")
    if not given or given == ["*"]:
        return None
    if len(given) > 1:
        raise MalformedRequest("If-Match 只能有一个", "Only one If-Match is taken")
    match = _STRONG.fullmatch(given[0].strip())
    if match:
        return int(match[1])
    if re.fullmatch(r'(W/)?"[\x21\x23-\x7e]*"', given[0].strip()):
        raise PreconditionFailed
    raise MalformedRequest('If-Match 必须形如 "3"', 'If-Match must look like "3"')


@documented(
    OperationNotes(
        errors=(PreconditionFailed,),
        parameters=(
            {
                "name": "If-Match",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}"$'},
                "description": "上次读到的 ETag；不一致则 412。ETag that was read before; 412 when it is outdated",
            },
        ),
    )
)
async def if_match(request: Request) -> int | None:
    """Dependency behind `IfMatch`."""
    return version_asked(request)


IfMatch = Annotated[int | None, Depends(if_match)]
"""Parameter type: the version the caller bases the change on, or None."""


def headers_for(view: Any) -> dict[str, str]:
    """`{"etag": '"3"'}` for a view that has a `version`, else empty."""
    version = getattr(view, "version", None)
    return {"etag": etag(version)} if isinstance(version, int) else {}
