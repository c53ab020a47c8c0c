"""Cancel a planned patrol."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.patrol import Patrol
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.plan_patrol import MISSED
from shared.contracts.issues import PatrolCancelled
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CancelPatrol:
    """Which patrol, and why."""

    patrol_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def cancel_patrol(command: CancelPatrol, uow: IssuesUnitOfWork) -> Patrol:
    """It does not take place, and those who would have walked are told."""
    by = command.by
    patrol = await uow.patrols.get(command.patrol_id, seen_by=by, expected_version=command.expected_version)
    patrol.cancel(reason=command.reason, by=by, at=uow.now())
    await uow.patrols.save(patrol)
    await uow.timers.cancel(MISSED, patrol.id)
    await uow.publish(
        PatrolCancelled(
            patrol_id=patrol.id, kind=patrol.kind, starts_at=patrol.starts_at, participant_ids=patrol.participants
        )
    )
    return patrol
