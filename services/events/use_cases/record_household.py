"""Remember who lives in the household."""

from dataclasses import dataclass
from uuid import UUID

from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordHousehold:
    """A household with everybody who lives in it."""

    household_id: UUID
    building_id: UUID
    person_ids: tuple[UUID, ...]


@one_transaction
async def record_household(command: RecordHousehold, uow: EventsUnitOfWork) -> None:
    """Remember who lives in the household; whoever lived there before and is not named has moved out."""
    await uow.neighbourhood.keep_household(
        command.household_id, building_id=command.building_id, person_ids=command.person_ids
    )
