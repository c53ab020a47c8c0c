"""Remember a building that the gateway added."""

from dataclasses import dataclass

from services.events.domain.neighbourhood import Building
from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordBuilding:
    """The building."""

    building: Building


@one_transaction
async def record_building(command: RecordBuilding, uow: EventsUnitOfWork) -> None:
    """Remember a building that the gateway added."""
    await uow.neighbourhood.keep_building(command.building)
