"""Subdistricts, communities made from a template, and the figures they are measured by."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.api.parts import API, IN_COMMUNITY, TheParts, Uow, community_in
from services.gateway.domain.community import Community, check_slug
from services.gateway.domain.errors import (
    CommunityExists,
    CommunityNotFound,
    FiguresDoNotAddUp,
    ProfileExists,
    ReservedSlug,
    SubdistrictExists,
    UnknownReference,
    UnknownTemplate,
)
from services.gateway.domain.template import template_named
from services.gateway.permissions import Action
from services.gateway.queries import directory
from services.gateway.schemas.communities import (
    CommunityBody,
    CommunityCreatedView,
    CommunityListed,
    CommunityView,
    FiguresBody,
    ProfileView,
    SubdistrictBody,
    SubdistrictsView,
    SubdistrictView,
    TemplatesView,
    TemplateView,
)
from services.gateway.schemas.labels import Label
from services.gateway.use_cases.create_community import CreateCommunity, create_community
from services.gateway.use_cases.create_subdistrict import CreateSubdistrict, create_subdistrict
from services.gateway.use_cases.record_profile import RecordProfile, record_profile
from shared.clock import CHINA
from shared.contracts.message import WHOLE_SUBDISTRICT
from shared.http.commands import COMMAND_NOTES, Reading, answered, shown
from shared.http.context import request_id_of
from shared.http.idempotency import IdempotentRequest, fingerprint_of, key_of
from shared.http.operation import documented
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow, principal_of, public

router = Router(tags=["communities"])
CREATE_COMMUNITY = f"POST {API}/communities"


@router.post(
    API + "/subdistricts",
    status_code=201,
    response_model=SubdistrictView,
    responses=problems(SubdistrictExists, ReservedSlug),
)
async def create_a_subdistrict(
    body: SubdistrictBody, _who: Annotated[Principal, allow(Action.CREATE_SUBDISTRICT)], uow: Uow
) -> Response:
    """新建街道。Create a subdistrict."""
    command = CreateSubdistrict(body.slug, body.name, body.name_en)
    return await answered(create_subdistrict(command, uow), uow, view=SubdistrictView.of, status=201)


@router.get(API + "/subdistricts", response_model=SubdistrictsView, dependencies=[public()])
async def list_subdistricts(parts: TheParts) -> Response:
    """街道列表。All subdistricts."""
    async with parts.database.reading(WHOLE_SUBDISTRICT) as connection:
        found = await directory.all_subdistricts(connection)
    return shown(SubdistrictsView(items=[SubdistrictView.of(subdistrict) for subdistrict in found]))


@router.get(API + "/community-templates", response_model=TemplatesView, dependencies=[public()])
async def list_community_templates(parts: TheParts) -> Response:
    """社区模板。The templates from which communities are made."""
    return shown(TemplatesView(items=[TemplateView.of(template) for template in parts.templates.values()]))


@documented(COMMAND_NOTES)
async def new_community_once(request: Request) -> IdempotentRequest:
    """The idempotency of creating a community: its row lies in the community that comes into being, which the body names."""
    principal = await principal_of(request)
    key = key_of(request, required=True) or ""
    fingerprint = fingerprint_of(request, await request.body())
    return IdempotentRequest(WHOLE_SUBDISTRICT, principal.person, CREATE_COMMUNITY, key, fingerprint)


@router.post(
    API + "/communities",
    status_code=201,
    response_model=CommunityCreatedView,
    responses=problems(CommunityExists, ReservedSlug, UnknownTemplate, FiguresDoNotAddUp, UnknownReference),
)
async def create_a_community(
    request: Request,
    body: CommunityBody,
    who: Annotated[Principal, allow(Action.CREATE_COMMUNITY)],
    once: Annotated[IdempotentRequest, Depends(new_community_once)],
    parts: TheParts,
) -> Response:
    """由模板新建社区。Create a community from a template, with its first figures and its default organisations."""
    once.community = check_slug(body.slug)
    command = CreateCommunity(
        slug=body.slug,
        code=body.code,
        name=body.name,
        name_en=body.name_en,
        subdistrict_id=body.subdistrict_id,
        template=template_named(parts.templates, body.template),
        figures=body.profile.figures(),
        by=who.person,
    )
    uow = request.app.state.unit_of_work(body.slug, correlation_id=request_id_of(request.scope), once=once)
    return await answered(create_community(command, uow), uow, view=_created, status=201)


@router.get(API + "/communities", response_model=Page[CommunityListed], dependencies=[public()])
async def list_communities(page: PageQuery, parts: TheParts) -> Response:
    """社区名录。The public directory of communities, by slug."""
    async with parts.database.reading(WHOLE_SUBDISTRICT) as connection:
        entries, following = await directory.all_communities(connection, limit=page.limit, cursor=page.cursor)
    return shown(Page[CommunityListed](items=[CommunityListed.of(entry) for entry in entries], next_cursor=following))


@router.get(IN_COMMUNITY, response_model=CommunityView, responses=problems(CommunityNotFound))
async def get_community(
    who: Annotated[Principal, allow(Action.SEE_COMMUNITY)],
    parts: TheParts,
    reading: Reading,
    on: Annotated[date | None, Query(description="概况的有效日期，默认今天。Figures valid on this day; today")] = None,
) -> Response:
    """社区及当日有效的概况。A community with the figures that are valid today, or were on a day."""
    slug = community_in(who)
    day = on or parts.clock.now().astimezone(CHINA).date()
    async with reading as connection:
        entry = await directory.one_community(connection, slug)
        profile = await directory.profile_on(connection, slug, day)
    return shown(CommunityView.with_profile(entry, profile))


@router.post(
    IN_COMMUNITY + "/profiles",
    status_code=201,
    response_model=ProfileView,
    responses=problems(FiguresDoNotAddUp, ProfileExists, CommunityNotFound),
)
async def record_community_profile(
    body: FiguresBody, who: Annotated[Principal, allow(Action.RECORD_PROFILE)], uow: Uow
) -> Response:
    """记录社区概况。Record figures as of a date; earlier ones stay. Party members must be the sum of own and on-duty ones."""
    command = RecordProfile(body.figures(), who.person)
    return await answered(record_profile(command, uow), uow, view=ProfileView.of, status=201)


@router.get(IN_COMMUNITY + "/profiles", response_model=Page[ProfileView])
async def list_community_profiles(
    who: Annotated[Principal, allow(Action.SEE_COMMUNITY)], page: PageQuery, reading: Reading
) -> Response:
    """历次概况，最新在前。The history of figures, newest first."""
    async with reading as connection:
        found, following = await directory.profiles_of(
            connection, community_in(who), limit=page.limit, cursor=page.cursor
        )
    return shown(Page[ProfileView](items=[ProfileView.of(p) for p in found], next_cursor=following))


def _created(community: Community) -> CommunityCreatedView:
    return CommunityCreatedView(
        id=community.id,
        slug=community.slug,
        code=community.code,
        name=Label(zh=community.name, en=community.name_en),
        subdistrict_id=community.subdistrict_id,
        template=community.template,
    )
