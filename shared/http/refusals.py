"""Refusals that HTTP itself makes, before any business rule is asked."""

from typing import ClassVar

from shared.errors import AppError, Conflict, Invalid, Kind, NotFound


class HttpRefusal(AppError):
    """A refusal with a status of its own, where the table of kinds has none."""

    status: ClassVar[int] = 400


class MalformedRequest(HttpRefusal):
    """The bytes are not the JSON they say they are, or a header cannot be read."""

    slug = "malformed-request"
    title_zh = "请求格式错误"
    title_en = "Malformed request"


class IdempotencyKeyRefused(HttpRefusal):
    """`Idempotency-Key` is missing or is not 1 to 100 visible ASCII characters."""

    slug = "idempotency-key-refused"
    title_zh = "缺少有效的 Idempotency-Key 请求头（1–100 个可见 ASCII 字符）"
    title_en = "A valid Idempotency-Key header is needed (1 to 100 visible ASCII characters)"


class NoSuchRoute(NotFound):
    """No route of this service has that path."""

    slug = "no-such-route"
    title_zh = "没有这个地址"
    title_en = "There is nothing at this address"


class Misdirected(HttpRefusal):
    """The request is meant for another service (RFC 9110 §15.5.20). Addresses of processes change hands when containers start again, and
    whoever sends by an old address must not take our "not found" for the truth. Nothing was done: look the name up again and repeat."""

    status = 421
    slug = "misdirected"
    title_zh = "请求送到了别的服务"
    title_en = "This request is meant for another service"


class MethodNotAllowed(HttpRefusal):
    """The path exists, but not with this method."""

    status = 405
    slug = "method-not-allowed"
    title_zh = "这个地址不支持该方法"
    title_en = "This address does not take that method"


class BodyTooLarge(HttpRefusal):
    """The body is larger than the limit, counted while it arrives."""

    status = 413
    slug = "body-too-large"
    title_zh = "请求内容太大"
    title_en = "The request body is too large"


class UnsupportedMediaType(HttpRefusal):
    """The body is not `application/json`."""

    status = 415
    slug = "unsupported-media-type"
    title_zh = "请求内容必须是 application/json"
    title_en = "The request body must be application/json"


class HeadersTooLarge(HttpRefusal):
    """The headers together are larger than the limit."""

    status = 431
    slug = "headers-too-large"
    title_zh = "请求头太大"
    title_en = "The request headers are too large"


class InternalError(HttpRefusal):
    """A mistake of ours. The request id finds it in the log; nothing else is told."""

    status = 500
    slug = "internal-error"
    title_zh = "系统内部错误，请稍后再试"
    title_en = "Something went wrong on our side"


class RequestInProgress(Conflict):
    """The same command with the same key is still running."""

    slug = "request-in-progress"
    title_zh = "相同的请求正在处理，请稍后再试"
    title_en = "The same request is still being processed; please try again"


class IdempotencyKeyReused(Invalid):
    """The key was used before for another request."""

    slug = "idempotency-key-reused"
    title_zh = "这个 Idempotency-Key 已用于另一个请求"
    title_en = "This Idempotency-Key was used for a different request"


STATUS_OF_KIND = {
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.FORBIDDEN: 403,
    Kind.INVALID: 422,
    Kind.UNAVAILABLE: 503,
    Kind.UNAUTHENTICATED: 401,
    Kind.PRECONDITION: 412,
    Kind.GONE: 410,
    Kind.LIMITED: 429,
}
"""The one table from kinds of refusal to HTTP."""


def status_of(error: AppError | type[AppError]) -> int:
    """HTTP status of a refusal."""
    own: int | None = getattr(error, "status", None)
    return own if own is not None else STATUS_OF_KIND[error.kind]
