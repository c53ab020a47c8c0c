"""From the request of a client to the request of a service and back: which headers pass, and how long bodies are."""

from urllib.parse import quote

from starlette.types import Scope

from services.gateway.front.connection import Headers
from shared.http.edge import MEANT_FOR
from shared.http.refusals import BodyTooLarge, MalformedRequest

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
    b"x-csrf-token",
    b"x-request-id",
    b"x-real-ip",
    b"via",
}
"""Request headers that end here, beside credentials, which are for the gateway alone."""
AUTHORIZATION, OTHER_CREDENTIALS = b"authorization", (b"x-api-key", b"cookie")
OUR_PREFIX = b"x-mulin-"
FOREIGN_PREFIXES = (OUR_PREFIX, b"x-forwarded-")
"""What says who is asking, or from where, comes only from us."""
NOT_PASSED_BACK = HOP_BY_HOP | {b"server", b"date", b"x-request-id"}
SAFE_TO_REPEAT = frozenset(("GET", "HEAD", "OPTIONS", "PUT", "DELETE"))
EVERY_ANSWER: Headers = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
CHUNKED = b"transfer-encoding: chunked\r\n"


class Incoming:
    """What the headers of a request say, read in one pass: this runs for every request of the platform."""

    __slots__ = ("authorization", "declared", "in_chunks", "other_credentials", "passed", "repeatable", "size")

    def __init__(self, scope: Scope) -> None:
        self.authorization: bytes | None = None
        """The first `Authorization` header."""
        self.other_credentials = False
        """Whether there is an API key or a cookie."""
        self.declared: bytes | None = None
        """`Content-Length` as it came."""
        self.in_chunks = False
        """Whether there is a `Transfer-Encoding`."""
        self.repeatable: bool = scope["method"] in SAFE_TO_REPEAT
        """Whether doing it twice has the effect of once: by its method, or by its idempotency key."""
        self.passed: list[bytes] = []
        """Header lines for the service."""
        self.size = 0
        """Bytes of all names and values."""
        named: frozenset[bytes] = frozenset()
        for name, value in scope["headers"]:
            self.size += len(name) + len(value)
            if name in NOT_PASSED_ON:
                if name == b"transfer-encoding":
                    self.in_chunks = True
                elif name == b"connection" and value.lower() not in (b"keep-alive", b"close"):
                    named |= {token.strip().lower() for token in value.split(b",")}
            elif name == AUTHORIZATION:
                self.authorization = self.authorization or value
            elif name == b"content-length":
                self.declared = value
            elif name in OTHER_CREDENTIALS:
                self.other_credentials = True
            elif not name.startswith(FOREIGN_PREFIXES):
                self.passed.append(b"%s: %s\r\n" % (name, value))
                self.repeatable = self.repeatable or name == b"idempotency-key"
        if named:  # headers that the client declared to be for this hop only
            self.passed = [line for line in self.passed if line.partition(b":")[0] not in named]

    def declared_length(self, largest: int) -> int | None:
        """`Content-Length` as a number; refused when it is none, too large, or not the only word on where the body ends."""
        if self.declared is None:
            return None
        if self.in_chunks or not self.declared.isdigit():
            raise MalformedRequest
        length = int(self.declared[:20])
        if length > largest:
            raise BodyTooLarge
        return length


def request_head(
    scope: Scope,
    incoming: Incoming,
    *,
    host: bytes,
    service: str | None,
    request_id: bytes,
    principal: str | None,
    framing: bytes,
) -> bytes:
    """The head of the request to the service."""
    path: bytes = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
    query: bytes = scope["query_string"]
    first = b"%s %s%s HTTP/1.1\r\nhost: %s\r\nx-request-id: %s\r\n" % (
        scope["method"].encode("ascii"),
        path,
        b"?" + query if query else b"",
        host,
        request_id,
    )
    shown = b"x-mulin-principal: %s\r\n" % principal.encode("ascii") if principal is not None else b""
    meant = b"%s: %s\r\n" % (MEANT_FOR, service.encode("ascii")) if service is not None else b""
    return b"".join((first, *incoming.passed, meant, shown, framing, b"\r\n"))


def framing_of(declared: int | None, whole: int | None) -> bytes:
    """The header that tells the service how long the body is; `whole`: its length, if all of it is here already."""
    if whole is not None:
        return b"content-length: %d\r\n" % whole if whole or declared is not None else b""
    return CHUNKED if declared is None else b"content-length: %d\r\n" % declared


def chunk(part: bytes) -> bytes:
    """A part of a body in chunked encoding."""
    return b"%x\r\n%s\r\n" % (len(part), part)


def answer_headers(headers: Headers, request_id: bytes) -> Headers:
    """Headers of an answer as the client gets them."""
    passed = [pair for pair in headers if pair[0] not in NOT_PASSED_BACK and not pair[0].startswith(OUR_PREFIX)]
    passed += EVERY_ANSWER
    passed.append((b"x-request-id", request_id))
    return passed
