"""Reject an arrival: the office did not see the unit that declared to be at the place."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import await_arrival
from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import UnitArrivalRejected
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RejectArrival:
    """Of which unit, and why."""

    whistle_id: UUID
    organisation: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def reject_arrival(command: RejectArrival, uow: IssuesUnitOfWork) -> Whistle:
    """Let the arrival clock run as if nothing had been declared."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    unit = whistle.reject(command.organisation, command.reason, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    if unit.missed_at is None:
        await await_arrival(whistle, unit, uow)
    await uow.publish(
        UnitArrivalRejected(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            organisation_id=unit.organisation,
            due_at=unit.due_at,
            rejected_by=by.person,
        )
    )
    return whistle
