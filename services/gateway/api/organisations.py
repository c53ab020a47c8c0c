"""Organisations of a community: property companies, partner units, branches, departments …"""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.api.parts import BATCH, IN_COMMUNITY, Uow, community_in
from services.gateway.domain.errors import NameTaken, UnknownReference
from services.gateway.domain.organisation import Organisation, OrganisationKind
from services.gateway.permissions import Action
from services.gateway.queries.territory import ORGANISATIONS, one_of, page_of
from services.gateway.schemas.territory import Batch, Made, OrganisationBody, OrganisationView
from services.gateway.use_cases.register_organisations import (
    NewOrganisation,
    RegisterOrganisations,
    register_organisations,
)
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY + "/organisations", tags=["organisations"])
Manager = Annotated[Principal, allow(Action.MANAGE_ORGANISATIONS)]
Reader = Annotated[Principal, allow(Action.SEE_PLACES)]
REFUSALS = problems(NameTaken, UnknownReference)


@router.post("", status_code=201, response_model=OrganisationView, responses=REFUSALS)
async def register_organisation(body: OrganisationBody, _who: Manager, uow: Uow) -> Response:
    """登记组织。Register an organisation."""
    command = RegisterOrganisations((_new(body),))
    return await answered(
        register_organisations(command, uow), uow, view=lambda made: OrganisationView.of(made[0]), status=201
    )


@router.post("/batch", status_code=201, response_model=Made[OrganisationView], responses=REFUSALS, description=BATCH)
async def register_several_organisations(body: Batch[OrganisationBody], _who: Manager, uow: Uow) -> Response:
    """批量登记组织。Register several organisations, all or none."""
    command = RegisterOrganisations(tuple(_new(item) for item in body.items))
    return await answered(register_organisations(command, uow), uow, view=_made, status=201)


@router.get("", response_model=Page[OrganisationView])
async def list_organisations(
    who: Reader,
    page: PageQuery,
    reading: Reading,
    kind: Annotated[OrganisationKind | None, Query(description="只看某类。Only this kind")] = None,
) -> Response:
    """组织列表。Organisations of the community."""
    async with reading as connection:
        found, following = await page_of(
            connection,
            ORGANISATIONS,
            community_in(who),
            limit=page.limit,
            cursor=page.cursor,
            equal={"kind": kind.value if kind else None},
        )
    items = [OrganisationView.of(one) for one in found]
    return shown(Page[OrganisationView](items=items, next_cursor=following))


@router.get("/{organisation_id}", response_model=OrganisationView)
async def get_organisation(organisation_id: UUID, who: Reader, reading: Reading) -> Response:
    """组织。One organisation."""
    async with reading as connection:
        found = await one_of(connection, ORGANISATIONS, community_in(who), organisation_id)
    return shown(OrganisationView.of(found))


def _new(body: OrganisationBody) -> NewOrganisation:
    return NewOrganisation(body.kind, body.name, body.name_en, body.parent_id)


def _made(made: list[Organisation]) -> Made[OrganisationView]:
    return Made[OrganisationView](items=[OrganisationView.of(organisation) for organisation in made])
