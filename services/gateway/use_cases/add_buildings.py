"""Add buildings (楼栋): each lies in a compound and belongs to exactly one grid."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.references import refuse_unknown
from services.gateway.domain.territory import Building
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import BuildingAdded
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NewBuilding:
    """One building."""

    compound_id: UUID
    grid_id: UUID
    name: str
    units: int
    floors: int


@dataclass(frozen=True, slots=True)
class AddBuildings:
    """All or none of them."""

    buildings: tuple[NewBuilding, ...]


@one_transaction
async def add_buildings(command: AddBuildings, uow: GatewayUnitOfWork) -> list[Building]:
    """Enter buildings in their compounds and grids."""
    compounds = [new.compound_id for new in command.buildings]
    grids = [new.grid_id for new in command.buildings]
    refuse_unknown("compound_id", compounds, await uow.compounds.unknown(set(compounds)))
    refuse_unknown("grid_id", grids, await uow.grids.unknown(set(grids)))
    buildings = [
        Building(new_id(), new.compound_id, new.grid_id, new.name, new.units, new.floors) for new in command.buildings
    ]
    await uow.buildings.add(*buildings)
    for building in buildings:
        await uow.publish(
            BuildingAdded(
                building_id=building.id,
                compound_id=building.compound_id,
                grid_id=building.grid_id,
                name=building.name,
            )
        )
    return buildings
