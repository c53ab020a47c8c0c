"""Keep which persons make up a household: surveys take one answer per household."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordHousehold:
    """A household with (new) members."""

    household_id: UUID
    building_id: UUID
    person_ids: tuple[UUID, ...]


@one_transaction
async def record_household(command: RecordHousehold, uow: IssuesUnitOfWork) -> None:
    """Keep the household and its members."""
    await uow.households.keep(command.household_id, command.building_id, command.person_ids)
