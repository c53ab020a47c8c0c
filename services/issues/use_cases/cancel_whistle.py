"""Cancel a whistle: the office takes it back, and says why."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import stop_awaiting
from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.whistle_facts import released
from shared.contracts.issues import WhistleCancelled
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CancelWhistle:
    """Which whistle, and why."""

    whistle_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def cancel_whistle(command: CancelWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Release every unit that has not finished, and end the whistle."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    left = whistle.cancel(command.reason, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    for unit in left:
        await uow.publish(released(whistle, unit, by))
        await stop_awaiting(whistle, unit, uow)
    await uow.publish(
        WhistleCancelled(
            whistle_id=whistle.id,
            issue_id=whistle.issue_id,
            number=whistle.issue_number,
            level=whistle.level,
            units=len(whistle.units),
            missed=sum(1 for unit in whistle.units if unit.missed_at is not None),
            cancelled_by=by.person,
        )
    )
    return whistle
