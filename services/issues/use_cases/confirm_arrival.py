"""Confirm an arrival: the office saw the unit that declared to be at the place."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ConfirmArrival:
    """Of which unit."""

    whistle_id: UUID
    organisation: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def confirm_arrival(command: ConfirmArrival, uow: IssuesUnitOfWork) -> Whistle:
    """Note who of the office saw them. The moment of the arrival stays the one that the unit declared."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    whistle.confirm(command.organisation, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    return whistle
