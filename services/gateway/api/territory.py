"""Compounds, grids and buildings of a community, and the gaps between them."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.gateway.api.parts import IN_COMMUNITY, TheParts, Uow, community_in
from services.gateway.domain.errors import NameTaken, UnknownReference
from services.gateway.domain.territory import Building, Compound, Grid
from services.gateway.permissions import Action
from services.gateway.queries.directory import profile_on
from services.gateway.queries.territory import BUILDINGS, COMPOUNDS, GRIDS, coverage_of, one_of, page_of
from services.gateway.schemas.territory import (
    Batch,
    BuildingBody,
    BuildingView,
    CompoundBody,
    CompoundView,
    CoverageView,
    GridBody,
    GridView,
    GridWorkerBody,
    Made,
    MoveBuildingBody,
)
from services.gateway.use_cases.add_buildings import AddBuildings, NewBuilding, add_buildings
from services.gateway.use_cases.add_compounds import AddCompounds, NewCompound, add_compounds
from services.gateway.use_cases.appoint_grid_worker import AppointGridWorker, appoint_grid_worker
from services.gateway.use_cases.draw_grids import DrawGrids, draw_grids
from services.gateway.use_cases.move_building import MoveBuilding, move_building
from shared.clock import CHINA
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=IN_COMMUNITY, tags=["places"])
Manager = Annotated[Principal, allow(Action.MANAGE_PLACES)]
Reader = Annotated[Principal, allow(Action.SEE_PLACES)]


@router.post("/compounds", status_code=201, response_model=CompoundView, responses=problems(NameTaken))
async def add_compound(body: CompoundBody, _who: Manager, uow: Uow) -> Response:
    """新增小区。Add a compound."""
    command = AddCompounds((NewCompound(body.name, body.address),))
    return await answered(add_compounds(command, uow), uow, view=lambda m: CompoundView.of(m[0]), status=201)


@router.post("/compounds/batch", status_code=201, response_model=Made[CompoundView], responses=problems(NameTaken))
async def add_several_compounds(body: Batch[CompoundBody], _who: Manager, uow: Uow) -> Response:
    """批量新增小区。Add several compounds, all or none."""
    command = AddCompounds(tuple(NewCompound(item.name, item.address) for item in body.items))

    def view(made: list[Compound]) -> Made[CompoundView]:
        return Made[CompoundView](items=[CompoundView.of(compound) for compound in made])

    return await answered(add_compounds(command, uow), uow, view=view, status=201)


@router.get("/compounds", response_model=Page[CompoundView])
async def list_compounds(who: Reader, page: PageQuery, reading: Reading) -> Response:
    """小区列表。Compounds of the community."""
    async with reading as connection:
        found, following = await page_of(connection, COMPOUNDS, community_in(who), limit=page.limit, cursor=page.cursor)
    items = [CompoundView.of(one) for one in found]
    return shown(Page[CompoundView](items=items, next_cursor=following))


@router.post("/grids", status_code=201, response_model=GridView, responses=problems(NameTaken))
async def draw_grid(body: GridBody, _who: Manager, uow: Uow) -> Response:
    """划分网格。Draw a grid."""
    return await answered(
        draw_grids(DrawGrids((body.name,)), uow), uow, view=lambda made: GridView.of(made[0]), status=201
    )


@router.post("/grids/batch", status_code=201, response_model=Made[GridView], responses=problems(NameTaken))
async def draw_several_grids(body: Batch[GridBody], _who: Manager, uow: Uow) -> Response:
    """批量划分网格。Draw several grids, all or none."""

    def view(made: list[Grid]) -> Made[GridView]:
        return Made[GridView](items=[GridView.of(grid) for grid in made])

    command = DrawGrids(tuple(item.name for item in body.items))
    return await answered(draw_grids(command, uow), uow, view=view, status=201)


@router.get("/grids", response_model=Page[GridView])
async def list_grids(who: Reader, page: PageQuery, reading: Reading) -> Response:
    """网格列表。Grids of the community."""
    async with reading as connection:
        found, following = await page_of(connection, GRIDS, community_in(who), limit=page.limit, cursor=page.cursor)
    items = [GridView.of(one) for one in found]
    return shown(Page[GridView](items=items, next_cursor=following))


@router.get("/grids/{grid_id}", response_model=GridView)
async def get_grid(grid_id: UUID, who: Reader, reading: Reading) -> Response:
    """网格。One grid."""
    async with reading as connection:
        found = await one_of(connection, GRIDS, community_in(who), grid_id)
    return shown(GridView.of(found))


@router.post(
    "/grids/{grid_id}/appoint", response_model=GridView, responses=problems(UnknownReference, ConcurrentChange)
)
async def appoint_worker_of_grid(
    grid_id: UUID, body: GridWorkerBody, _who: Manager, uow: Uow, if_match: IfMatch
) -> Response:
    """指定网格员。Appoint the worker of a grid, who must hold that role here."""
    command = AppointGridWorker(grid_id, body.worker_id, if_match)
    return await answered(appoint_grid_worker(command, uow), uow, view=GridView.of)


@router.post(
    "/buildings", status_code=201, response_model=BuildingView, responses=problems(NameTaken, UnknownReference)
)
async def add_building(body: BuildingBody, _who: Manager, uow: Uow) -> Response:
    """新增楼栋。Add a building to its compound and grid."""
    command = AddBuildings((_new_building(body),))
    return await answered(add_buildings(command, uow), uow, view=lambda m: BuildingView.of(m[0]), status=201)


@router.post(
    "/buildings/batch",
    status_code=201,
    response_model=Made[BuildingView],
    responses=problems(NameTaken, UnknownReference),
)
async def add_several_buildings(body: Batch[BuildingBody], _who: Manager, uow: Uow) -> Response:
    """批量新增楼栋。Add several buildings, all or none."""

    def view(made: list[Building]) -> Made[BuildingView]:
        return Made[BuildingView](items=[BuildingView.of(building) for building in made])

    command = AddBuildings(tuple(_new_building(item) for item in body.items))
    return await answered(add_buildings(command, uow), uow, view=view, status=201)


@router.get("/buildings", response_model=Page[BuildingView])
async def list_buildings(
    who: Reader,
    page: PageQuery,
    reading: Reading,
    compound_id: Annotated[UUID | None, Query(description="只看某小区。Only this compound")] = None,
    grid_id: Annotated[UUID | None, Query(description="只看某网格。Only this grid")] = None,
) -> Response:
    """楼栋列表。Buildings of the community."""
    async with reading as connection:
        found, following = await page_of(
            connection,
            BUILDINGS,
            community_in(who),
            limit=page.limit,
            cursor=page.cursor,
            equal={"compound_id": compound_id, "grid_id": grid_id},
        )
    items = [BuildingView.of(one) for one in found]
    return shown(Page[BuildingView](items=items, next_cursor=following))


@router.get("/buildings/{building_id}", response_model=BuildingView)
async def get_building(building_id: UUID, who: Reader, reading: Reading) -> Response:
    """楼栋。One building."""
    async with reading as connection:
        found = await one_of(connection, BUILDINGS, community_in(who), building_id)
    return shown(BuildingView.of(found))


@router.post(
    "/buildings/{building_id}/move", response_model=BuildingView, responses=problems(UnknownReference, ConcurrentChange)
)
async def move_building_to_grid(
    building_id: UUID, body: MoveBuildingBody, _who: Manager, uow: Uow, if_match: IfMatch
) -> Response:
    """调整楼栋所属网格。Let a building belong to another grid, and to no other."""
    command = MoveBuilding(building_id, body.grid_id, if_match)
    return await answered(move_building(command, uow), uow, view=BuildingView.of)


@router.get("/coverage", response_model=CoverageView)
async def see_coverage(
    who: Annotated[Principal, allow(Action.SEE_COVERAGE)], parts: TheParts, reading: Reading
) -> Response:
    """网格覆盖与缺口。What is mapped and where the gaps are: grids without worker, buildings without household …"""
    community = community_in(who)
    today = parts.clock.now().astimezone(CHINA).date()
    async with reading as connection:
        coverage = await coverage_of(connection, community)
        profile = await profile_on(connection, community, today)
    return shown(CoverageView.of(coverage, profile.figures.households if profile else None))


def _new_building(body: BuildingBody) -> NewBuilding:
    return NewBuilding(body.compound_id, body.grid_id, body.name, body.units, body.floors)
