"""One question of Open311: find out which community and who asks, ask the issues service, tell its answer in XML or JSON.

A key is looked for in `api_key`, as the specification says, or in the headers of this platform; a browser's cookie never counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.domain.community import WHOLE_SUBDISTRICT
from services.gateway.front.fetch import ask
from services.gateway.front.refusals import ServiceUnreachable
from services.gateway.identity.callers import API_KEY_PREFIX
from services.gateway.open311.documents import Format, descriptions_of, document, errors
from services.gateway.open311.refusals import (
    FormExpected,
    JurisdictionMissing,
    KeyMissing,
    NotANumber,
    ServiceCodeMissing,
)
from services.gateway.queries import directory
from shared.errors import AppError
from shared.http.context import header, language_of, request_id_of
from shared.http.problems import problem_document
from shared.http.refusals import status_of
from shared.ids import new_id
from shared.security.authorisation import PRINCIPAL_HEADER

if TYPE_CHECKING:
    from services.gateway.api.parts import Parts

ISSUES = "issues"
SECONDS = 10.0
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
NOTHING: Mapping[str, str] = MappingProxyType({})
LISTS = frozenset({"services", "service_requests"})
"""Documents that are a list, even of one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every question says."""

    request: Request
    form: Format
    jurisdiction: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class _Call:
    """What the issues service is asked."""

    path: str
    root: str
    body: bytes | None = None


async def told(
    parts: "Parts",
    asked: Asked,
    path: str,
    *,
    root: str,
    params: Mapping[str, str] = NOTHING,
    body: bytes | None = None,
) -> Response:
    """The answer to a question, or why there is none."""
    try:
        community = await _community(parts, asked.jurisdiction)
        principal = await _principal(parts, asked, community, needed=body is not None)
        query = f"?{urlencode(params)}" if params else ""
        call = _Call(f"/api/v1/communities/{community}/open311{path}{query}", root, body)
        return await _answer(parts, asked, principal, call)
    except AppError as refusal:
        return refused(refusal, asked.request, asked.form)


async def filed(parts: "Parts", request: Request, form: Format) -> Response:
    """The answer to a posted request."""
    try:
        fields = await _fields(request)
        body = orjson.dumps(_matter(fields))
    except AppError as refusal:
        return refused(refusal, request, form)
    asked = Asked(request, form, fields.get("jurisdiction_id"), fields.get("api_key"))
    return await told(parts, asked, "/requests", root="service_requests", body=body)


def refused(refusal: AppError, request: Request, form: Format) -> Response:
    """A refusal of ours in the words of Open311."""
    problem = problem_document(refusal, language=language_of(request.scope), request_id=request_id_of(request.scope))
    response = errors(status_of(refusal), descriptions_of(problem), form)
    if refusal.retry_after_seconds is not None:
        response.headers["retry-after"] = str(refusal.retry_after_seconds)
    return response


async def _community(parts: "Parts", jurisdiction: str | None) -> str:
    """The community that is meant; the only one there is, when none is named."""
    if jurisdiction:
        return jurisdiction
    async with parts.database.reading(WHOLE_SUBDISTRICT) as connection:
        known, _ = await directory.all_communities(connection, limit=2, cursor=None)
    if len(known) != 1:
        raise JurisdictionMissing
    return known[0].community.slug


async def _principal(parts: "Parts", asked: Asked, community: str, *, needed: bool) -> str:
    """Who asks, signed for the issues service. A key of another community opens nothing here, and says no more than that."""
    key = asked.key or _in_headers(asked.request)
    if not key:
        if needed:
            raise KeyMissing
        return await parts.callers.signed_stranger(community, ISSUES)
    if not key.startswith(API_KEY_PREFIX):
        raise KeyMissing
    caller, signed = await parts.callers.signed(key, community, ISSUES)
    parts.persons.admit(caller.person)
    return signed


def _in_headers(request: Request) -> str | None:
    given = header(request.scope, b"x-api-key")
    if given is not None:
        return given.strip()
    scheme, _, token = (header(request.scope, b"authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _answer(parts: "Parts", asked: Asked, principal: str, call: _Call) -> Response:
    scope = asked.request.scope
    pool = parts.pools.get(ISSUES)
    if pool is None:
        raise ServiceUnreachable(retry_after_seconds=5)
    headers = {
        PRINCIPAL_HEADER: principal,
        "x-request-id": request_id_of(scope),
        "accept-language": language_of(scope),
    }
    if call.body is not None:
        headers["idempotency-key"] = f"open311-{new_id()}"  # the issues service itself knows what was posted twice
    method = "GET" if call.body is None else "POST"
    status, content = await ask(pool, method, call.path, headers=headers, body=call.body, seconds=SECONDS)
    found = orjson.loads(content)
    if status >= 400:
        return errors(status, descriptions_of(found), asked.form)
    return document(call.root, found.get("items", [found]) if call.root in LISTS else found, asked.form, status=status)


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form; what is empty was not given."""
    kind = header(request.scope, b"content-type") or ""
    if kind.partition(";")[0].strip().lower() != FORM:
        raise FormExpected
    try:
        given = parse_qsl(
            (await request.body()).decode("utf-8"), max_num_fields=MOST_FIELDS, encoding="utf-8", errors="strict"
        )
    except ValueError:
        raise FormExpected from None
    return {name: value.strip() for name, value in given if value.strip()}


def _matter(fields: Mapping[str, str]) -> dict[str, Any]:
    """What the issues service needs of a form. Names, numbers and addresses of persons are left out: nobody asked them."""
    if "service_code" not in fields:
        raise ServiceCodeMissing
    matter: dict[str, Any] = {
        name: fields[name] for name in ("service_code", "description", "address_string", "address_id") if name in fields
    }
    for name, ours in (("building", "address_id"), ("unit", "unit")):
        value = fields.get(f"attribute[{name}]") or fields.get(f"attribute[{name}][]")
        if value:
            matter[ours] = value
    for name in ("lat", "long"):
        if name in fields:
            try:
                matter[name] = float(fields[name])
            except ValueError:
                raise NotANumber(fields={name: ("须为数字", "must be a number")}) from None
    return matter
