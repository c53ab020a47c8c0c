"""Move a building to another grid, as grids are redrawn."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.domain.references import refuse_unknown
from services.gateway.domain.territory import Building
from services.gateway.ports import GatewayUnitOfWork
from shared.contracts.gateway import BuildingMoved
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MoveBuilding:
    """The building and its new grid."""

    building_id: UUID
    grid_id: UUID
    expected_version: int | None = None


@one_transaction
async def move_building(command: MoveBuilding, uow: GatewayUnitOfWork) -> Building:
    """Let the building belong to another grid, and to no other."""
    building = await uow.buildings.get(command.building_id, command.expected_version)
    refuse_unknown("grid_id", [command.grid_id], await uow.grids.unknown({command.grid_id}))
    if building.move(command.grid_id):
        await uow.buildings.save(building)
        await uow.publish(BuildingMoved(building_id=building.id, grid_id=building.grid_id))
    return building
