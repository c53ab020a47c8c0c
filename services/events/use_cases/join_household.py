"""Remember that the person lives in this household from now on."""

from dataclasses import dataclass
from uuid import UUID

from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class JoinHousehold:
    """Who joined which household."""

    household_id: UUID
    building_id: UUID
    person_id: UUID


@one_transaction
async def join_household(command: JoinHousehold, uow: EventsUnitOfWork) -> None:
    """Remember that the person lives in this household from now on."""
    await uow.neighbourhood.join_household(
        command.household_id, building_id=command.building_id, person_id=command.person_id
    )
