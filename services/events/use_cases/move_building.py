"""Remember that the building belongs to another grid now."""

from dataclasses import dataclass
from uuid import UUID

from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MoveBuilding:
    """Which building, to which grid."""

    building_id: UUID
    grid_id: UUID


@one_transaction
async def move_building(command: MoveBuilding, uow: EventsUnitOfWork) -> None:
    """Remember that the building belongs to another grid now."""
    await uow.neighbourhood.move_building(command.building_id, grid_id=command.grid_id)
