"""What is known about a request before any business: its id, its language, its size limits. Plain functions on the ASGI scope."""

import re
from typing import Any, Literal

from starlette.types import Scope

from shared.ids import new_id

Language = Literal["zh", "en"]
SANE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
REQUEST_ID = "mulin.request_id"
ROUTE = "mulin.route"


def header(scope: Scope, name: bytes) -> str | None:
    """The first header of that (lower-case) name, or None."""
    for key, value in scope["headers"]:
        if key == name:
            found: str = value.decode("latin-1")
            return found
    return None


def header_values(scope: Scope, name: bytes) -> list[str]:
    """All headers of that (lower-case) name."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def request_id_of(scope: Scope) -> str:
    """The id of this request: the one given if it is sane, else a new one; the same at every call."""
    known: Any = scope.get(REQUEST_ID)
    if known is None:
        given = header(scope, b"x-request-id")
        known = given if given is not None and SANE_REQUEST_ID.fullmatch(given) else str(new_id())
        scope[REQUEST_ID] = known
    return str(known)


def language_of(scope: Scope) -> Language:
    """`en` if the person prefers English to Chinese by `Accept-Language`, else `zh`."""
    asked = header(scope, b"accept-language")
    return "zh" if asked is None else preferred_language(asked)


def preferred_language(accepted: str) -> Language:
    """Read an `Accept-Language` value. Chinese unless English is wanted more."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in accepted[:200].split(","):
        tag, _, quality = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _quality(quality))
    return "en" if weights["en"] > weights["zh"] else "zh"


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
