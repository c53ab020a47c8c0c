"""Operations that take a file as it is: raw bytes, larger than other bodies, counted while they arrive."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from starlette.requests import Request

from shared.http.context import header
from shared.http.refusals import BodyTooLarge, UnsupportedMediaType

F = TypeVar("F", bound=Callable[..., Any])
LARGEST_UPLOAD = "mulin_largest_upload"


def takes_upload(largest: int) -> Callable[[F], F]:
    """Let the body of this operation be so large. Goes below the route: `@router.put(...)`, then `@takes_upload(...)`."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, LARGEST_UPLOAD, largest)
        return endpoint

    return mark


def largest_upload_of(endpoint: object) -> int | None:
    """The limit of an operation that takes a file; None for all others."""
    largest: int | None = getattr(endpoint, LARGEST_UPLOAD, None)
    return largest


def upload_body(kinds: Collection[str], *, description: str) -> dict[str, Any]:
    """How the operation tells of its body: `openapi_extra=upload_body(...)`."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": True, "description": description, "content": dict.fromkeys(kinds, binary)}}


async def read_upload(request: Request, kinds: Collection[str], *, largest: int) -> bytes:
    """The bytes of the body. Raises UnsupportedMediaType and, at the byte that is too much, BodyTooLarge."""
    kind = header(request.scope, b"content-type") or ""
    if kind.partition(";")[0].strip().lower() not in kinds:
        named = "、".join(kinds), ", ".join(kinds)
        raise UnsupportedMediaType(f"请使用 {named[0]}", f"Send one of {named[1]}")
    received = bytearray()
    async for part in request.stream():
        received += part
        if len(received) > largest:
            raise BodyTooLarge
    return bytes(received)
