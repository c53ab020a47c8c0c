"""From the request of a client to the request of a service and back: which headers pass, and how long bodies are."""

from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Scope

from services.gateway.front.connection import Headers
from shared.http.refusals import BodyTooLarge, MalformedRequest

LARGEST_BODY = 1024 * 1024
HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    )
)
NOT_PASSED_ON = HOP_BY_HOP | {
    b"host",
    b"expect",
    b"forwarded",
    b"authorization",
    b"x-api-key",
    b"x-csrf-token",
    b"cookie",
    b"x-request-id",
    b"x-real-ip",
    b"via",
}
"""Request headers that end here. Credentials are for the gateway alone; what says who is asking comes only from us."""
OUR_PREFIX = b"x-mulin-"
FOREIGN_PREFIXES = (OUR_PREFIX, b"x-forwarded-")
NOT_PASSED_BACK = HOP_BY_HOP | {b"server", b"date", b"x-request-id"}
SAFE_TO_REPEAT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
EVERY_ANSWER: Headers = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]


def answer_headers(headers: Headers) -> Headers:
    """Headers of an answer as the client gets them."""
    passed = [pair for pair in headers if pair[0] not in NOT_PASSED_BACK and not pair[0].startswith(OUR_PREFIX)]
    passed += EVERY_ANSWER
    return passed


CHUNKED = b"transfer-encoding: chunked\r\n"


def declared_length(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """`Content-Length`, refused when it is too large or no number."""
    for name, value in headers:
        if name == b"content-length":
            if not value.isdigit():
                raise MalformedRequest
            length = int(value)
            if length > LARGEST_BODY:
                raise BodyTooLarge
            return length
    return None


def framing_of(declared: int | None, whole: int | None) -> bytes:
    """The header that tells the service how long the body is."""
    if whole is not None:
        return b"content-length: %d\r\n" % whole if whole or declared is not None else b""
    return CHUNKED if declared is None else b"content-length: %d\r\n" % declared


def chunk(part: bytes) -> bytes:
    """A part of a body in chunked encoding."""
    return b"%x\r\n%s\r\n" % (len(part), part)


def is_repeatable(scope: Scope) -> bool:
    """Whether sending the request twice has the effect of once: by its method, or by its idempotency key."""
    return scope["method"] in SAFE_TO_REPEAT or any(name == b"idempotency-key" for name, _ in scope["headers"])


def request_head(scope: Scope, host: bytes, request_id: bytes, principal: str | None, framing: bytes) -> bytes:
    """The head of the request to the service."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
    query: bytes = scope["query_string"]
    named = _named_by_connection(scope["headers"])
    lines = [
        b"%s %s%s HTTP/1.1\r\nhost: %s\r\nx-request-id: %s\r\n"
        % (scope["method"].encode("ascii"), path, b"?" + query if query else b"", host, request_id)
    ]
    for name, value in scope["headers"]:
        if (
            name not in NOT_PASSED_ON
            and name != b"content-length"
            and not name.startswith(FOREIGN_PREFIXES)
            and name not in named
        ):
            lines.append(b"%s: %s\r\n" % (name, value))
    if principal is not None:
        lines.append(b"x-mulin-principal: %s\r\n" % principal.encode("ascii"))
    lines.append(framing)
    lines.append(b"\r\n")
    return b"".join(lines)


def _named_by_connection(headers: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    """Headers that the client declared to be for this hop only."""
    for name, value in headers:
        if name == b"connection" and value.lower() not in (b"keep-alive", b"close"):
            return frozenset(token.strip().lower() for token in value.split(b","))
    return frozenset()
