"""Move a building to another grid: keep the copy of which grid it belongs to."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MoveBuilding:
    """A building and its new grid."""

    building_id: UUID
    grid_id: UUID


@one_transaction
async def move_building(command: MoveBuilding, uow: IssuesUnitOfWork) -> None:
    """From now on issues at this building lie in the new grid; those on record keep the grid they were reported in."""
    await uow.master_data.move_building(command.building_id, command.grid_id)
