"""Start a planned patrol."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.patrol import Patrol
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.plan_patrol import MISSED
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class StartPatrol:
    """Which patrol."""

    patrol_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def start_patrol(command: StartPatrol, uow: IssuesUnitOfWork) -> Patrol:
    """Set out."""
    by = command.by
    patrol = await uow.patrols.get(command.patrol_id, seen_by=by, expected_version=command.expected_version)
    patrol.start(by=by, at=uow.now())
    await uow.patrols.save(patrol)
    await uow.timers.cancel(MISSED, patrol.id)
    return patrol
