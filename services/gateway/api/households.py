"""Households of a community. Who lives behind which door is for the office and the grid worker only."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.api.parts import IN_COMMUNITY, Uow, community_in
from services.gateway.domain.errors import NameTaken, UnknownReference
from services.gateway.domain.territory import Household
from services.gateway.permissions import Action
from services.gateway.queries.territory import HOUSEHOLDS, one_of, page_of
from services.gateway.schemas.territory import Batch, HouseholdBody, HouseholdView, JoinHouseholdBody, Made
from services.gateway.use_cases.join_household import JoinHousehold, join_household
from services.gateway.use_cases.register_households import NewHousehold, RegisterHouseholds, register_households
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY + "/households", tags=["households"])
Registrar = Annotated[Principal, allow(Action.REGISTER_HOUSEHOLDS)]
Reader = Annotated[Principal, allow(Action.SEE_HOUSEHOLDS)]
REFUSALS = problems(NameTaken, UnknownReference)


@router.post("", status_code=201, response_model=HouseholdView, responses=REFUSALS)
async def register_household(body: HouseholdBody, _who: Registrar, uow: Uow) -> Response:
    """登记户。Register a household."""
    command = RegisterHouseholds((_new(body),))
    return await answered(register_households(command, uow), uow, view=lambda m: HouseholdView.of(m[0]), status=201)


@router.post("/batch", status_code=201, response_model=Made[HouseholdView], responses=REFUSALS)
async def register_several_households(body: Batch[HouseholdBody], _who: Registrar, uow: Uow) -> Response:
    """批量登记户。Register several households, all or none."""

    def view(made: list[Household]) -> Made[HouseholdView]:
        return Made[HouseholdView](items=[HouseholdView.of(household) for household in made])

    command = RegisterHouseholds(tuple(_new(item) for item in body.items))
    return await answered(register_households(command, uow), uow, view=view, status=201)


@router.get("", response_model=Page[HouseholdView])
async def list_households(
    who: Reader,
    page: PageQuery,
    reading: Reading,
    building_id: Annotated[UUID | None, Query(description="只看某楼栋。Only this building")] = None,
    person_id: Annotated[UUID | None, Query(description="某人所在的户。Where this person lives")] = None,
) -> Response:
    """户列表。Households of the community."""
    async with reading as connection:
        found, following = await page_of(
            connection,
            HOUSEHOLDS,
            community_in(who),
            limit=page.limit,
            cursor=page.cursor,
            equal={"building_id": building_id},
            holds=("person_ids", person_id) if person_id else None,
        )
    items = [HouseholdView.of(one) for one in found]
    return shown(Page[HouseholdView](items=items, next_cursor=following))


@router.get("/{household_id}", response_model=HouseholdView)
async def get_household(household_id: UUID, who: Reader, reading: Reading) -> Response:
    """户。One household."""
    async with reading as connection:
        found = await one_of(connection, HOUSEHOLDS, community_in(who), household_id)
    return shown(HouseholdView.of(found))


@router.post(
    "/{household_id}/join", response_model=HouseholdView, responses=problems(UnknownReference, ConcurrentChange)
)
async def let_person_join_household(
    household_id: UUID, body: JoinHouseholdBody, _who: Registrar, uow: Uow, if_match: IfMatch
) -> Response:
    """加入户。Let a person belong to a household."""
    command = JoinHousehold(household_id, body.person_id, if_match)
    return await answered(join_household(command, uow), uow, view=HouseholdView.of)


def _new(body: HouseholdBody) -> NewHousehold:
    return NewHousehold(body.building_id, body.unit, body.room, tuple(body.person_ids))
