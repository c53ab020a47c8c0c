"""Pages for people: what runs here, how the API looks, what a problem means. No script, no foreign host."""

from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.api.documents import READ
from services.gateway.api.parts import TheParts
from services.gateway.page_rendering import STATIC, Pages, documented_problems
from services.gateway.queries import directory
from shared.contracts.message import WHOLE_SUBDISTRICT
from shared.errors import NotFound
from shared.http.context import Language, language_of
from shared.http.routing import Router
from shared.security.authorisation import public

router = Router(include_in_schema=False)
pages = Pages()
Lang = Annotated[Literal["zh", "en"] | None, Query()]
MOST_COMMUNITIES = 100


@router.api_route("/", methods=READ, dependencies=[public()])
async def landing(request: Request, parts: TheParts, lang: Lang = None) -> Response:
    """首页：什么在哪里运行。What runs where."""
    async with parts.database.reading(WHOLE_SUBDISTRICT) as connection:
        subdistricts = await directory.all_subdistricts(connection)
        entries, _ = await directory.all_communities(connection, limit=MOST_COMMUNITIES, cursor=None)
    tree = [
        (subdistrict, [entry.community for entry in entries if entry.subdistrict.id == subdistrict.id])
        for subdistrict in subdistricts
    ]
    origin = f"{request.url.scheme}://{request.url.netloc}"
    services = await parts.documents.services()
    return _page("landing.html", request, lang, services=services, tree=tree, origin=origin)


@router.api_route("/docs", methods=READ, dependencies=[public()])
async def api_reference(request: Request, parts: TheParts, lang: Lang = None) -> Response:
    """接口说明。The API reference, rendered from the OpenAPI document."""
    document = await parts.documents.openapi()
    spoken = lang or language_of(request.scope)
    body = await pages.reference(document, spoken, chosen=lang is not None)
    return _html(body, spoken)


@router.api_route("/problems/{slug}", methods=READ, dependencies=[public()])
async def explain_problem(slug: str, request: Request, parts: TheParts, lang: Lang = None) -> Response:
    """错误说明。What a problem means."""
    problem = documented_problems(await parts.documents.openapi()).get(slug)
    if problem is None:
        raise NotFound()
    return _page("problem.html", request, lang, problem=problem)


@router.api_route("/static/{name}", methods=READ, dependencies=[public()])
async def static_file(name: str) -> Response:
    """样式与图标。Styles and the icon."""
    return _file(name)


@router.api_route("/favicon.svg", methods=READ, dependencies=[public()])
async def favicon() -> Response:
    """图标。The icon."""
    return _file("favicon.svg")


@router.api_route("/favicon.ico", methods=READ, dependencies=[public()])
async def favicon_by_habit() -> Response:
    """图标。The icon, where browsers look for it by themselves."""
    return _file("favicon.svg")


def _file(name: str) -> Response:
    if name not in STATIC:
        raise NotFound()
    return Response(pages.files[name], media_type=STATIC[name], headers={"cache-control": "public, max-age=3600"})


def _page(name: str, request: Request, lang: Language | None, **values: Any) -> Response:
    spoken = lang or language_of(request.scope)
    return _html(pages.page(name, spoken, chosen=lang is not None, **values), spoken)


def _html(body: bytes, spoken: Language) -> Response:
    headers = {"content-language": "zh-CN" if spoken == "zh" else "en", "vary": "Accept-Language"}
    return Response(body, media_type="text/html", headers=headers)
