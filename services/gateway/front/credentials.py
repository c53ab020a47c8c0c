"""What a request shows to prove who is asking: a bearer token, an API key, or the cookie of a browser with its proof against forged requests."""

import hashlib
import hmac

from starlette.types import Scope

from shared.errors import Forbidden, Unauthenticated
from shared.http.context import header

COOKIE = "__Host-sid"
UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))


class ForgedRequest(Forbidden):
    """A request with a cookie that did not come from our own pages."""

    slug = "forged-request"
    title_zh = "请求来源不可信"
    title_en = "This request does not come from our own pages"


def token_of(scope: Scope) -> str | None:
    """The token of a request, None when it shows nothing. Raises Unauthenticated for another kind of credentials, and
    ForgedRequest for a change by cookie without its proof."""
    given = header(scope, b"authorization")
    if given is not None:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated()
        return token.strip()
    key = header(scope, b"x-api-key")
    if key is not None:
        return key.strip()
    cookies = header(scope, b"cookie")
    if cookies is None or COOKIE not in cookies:
        return None
    for cookie in cookies.split(";"):
        name, _, value = cookie.strip().partition("=")
        if name == COOKIE:
            if scope["method"] in UNSAFE:
                _refuse_forged(scope, value)
            return value
    return None


def csrf_token(session_token: str) -> str:
    """What our pages send back in `X-CSRF-Token`; follows from the session and says nothing about it."""
    return hmac.new(session_token.encode(), b"mulin csrf", hashlib.sha256).hexdigest()


def _refuse_forged(scope: Scope, session_token: str) -> None:
    if header(scope, b"sec-fetch-site") not in (None, "same-origin"):
        raise ForgedRequest()
    shown = header(scope, b"x-csrf-token")
    if shown is None or not hmac.compare_digest(shown.encode(), csrf_token(session_token).encode()):
        raise ForgedRequest()
