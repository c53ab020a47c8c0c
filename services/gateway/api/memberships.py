"""Memberships: who holds which role in a community, through which organisation, within which scope."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.api.parts import IN_COMMUNITY, TheParts, Uow, community_in
from services.gateway.domain.errors import (
    MembershipAlreadyEnded,
    MembershipExists,
    RoleNotGrantable,
    UnknownReference,
)
from services.gateway.domain.membership import Membership
from services.gateway.permissions import Action
from services.gateway.queries import people
from services.gateway.schemas.people import MembershipBody, MembershipView
from services.gateway.schemas.territory import Batch, Made
from services.gateway.use_cases.end_membership import EndMembership, end_membership
from services.gateway.use_cases.grant_memberships import GrantMemberships, grant_memberships
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal, Role
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY + "/memberships", tags=["memberships"])
Manager = Annotated[Principal, allow(Action.MANAGE_MEMBERSHIPS)]
Reader = Annotated[Principal, allow(Action.SEE_MEMBERSHIPS)]
REFUSALS = problems(MembershipExists, RoleNotGrantable, UnknownReference)


@router.post("", status_code=201, response_model=MembershipView, responses=REFUSALS)
async def grant_membership(body: MembershipBody, who: Manager, uow: Uow, parts: TheParts) -> Response:
    """授予职责。Let a person hold a role here from now on."""
    command = GrantMemberships(((body.person_id, body.new_role()),), who.person, who.roles)
    response = await answered(
        grant_memberships(command, uow), uow, view=lambda made: MembershipView.of(made[0]), status=201
    )
    parts.callers.forget()
    return response


@router.post("/batch", status_code=201, response_model=Made[MembershipView], responses=REFUSALS)
async def grant_several_memberships(body: Batch[MembershipBody], who: Manager, uow: Uow, parts: TheParts) -> Response:
    """批量授予职责。Grant several roles, all or none."""

    def view(made: list[Membership]) -> Made[MembershipView]:
        return Made[MembershipView](items=[MembershipView.of(membership) for membership in made])

    grants = tuple((item.person_id, item.new_role()) for item in body.items)
    response = await answered(
        grant_memberships(GrantMemberships(grants, who.person, who.roles), uow), uow, view=view, status=201
    )
    parts.callers.forget()
    return response


@router.get("", response_model=Page[MembershipView])
async def list_memberships(
    *,
    who: Reader,
    page: PageQuery,
    reading: Reading,
    person_id: Annotated[UUID | None, Query(description="只看某人。Only this person")] = None,
    organisation_id: Annotated[UUID | None, Query(description="只看某组织。Only this organisation")] = None,
    role: Annotated[Role | None, Query(description="只看某职责。Only this role")] = None,
    active: Annotated[bool, Query(description="false：只看已终止的。Only those that ended")] = True,
) -> Response:
    """职责列表。Memberships of the community; person ids only."""
    async with reading as connection:
        found, following = await people.memberships(
            connection,
            community_in(who),
            limit=page.limit,
            cursor=page.cursor,
            person_id=person_id,
            organisation_id=organisation_id,
            role=role,
            active=active,
        )
    return shown(Page[MembershipView](items=[MembershipView.of(m) for m in found], next_cursor=following))


@router.get("/{membership_id}", response_model=MembershipView)
async def get_membership(membership_id: UUID, who: Reader, reading: Reading) -> Response:
    """职责。One membership."""
    async with reading as connection:
        found = await people.membership(connection, community_in(who), membership_id)
    return shown(MembershipView.of(found))


@router.post(
    "/{membership_id}/end",
    response_model=MembershipView,
    responses=problems(MembershipAlreadyEnded, RoleNotGrantable, ConcurrentChange),
)
async def end_a_membership(membership_id: UUID, who: Manager, uow: Uow, if_match: IfMatch, parts: TheParts) -> Response:
    """终止职责。Take a role away; what was done under it stays."""
    command = EndMembership(membership_id, who.person, who.roles, if_match)
    response = await answered(end_membership(command, uow), uow, view=MembershipView.of)
    parts.callers.forget()
    return response
