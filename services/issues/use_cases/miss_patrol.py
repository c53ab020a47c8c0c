"""Mark a patrol as missed when its day went by and nobody set out."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import PatrolMissed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MissPatrol:
    """Which patrol."""

    patrol_id: UUID


@one_transaction
async def miss_patrol(command: MissPatrol, uow: IssuesUnitOfWork) -> None:
    """Tell the office, once."""
    patrol = await uow.patrols.get(command.patrol_id, seen_by=None)
    if patrol.miss(at=uow.now()):
        await uow.patrols.save(patrol)
        await uow.publish(
            PatrolMissed(
                patrol_id=patrol.id,
                kind=patrol.kind,
                starts_at=patrol.starts_at,
                participant_ids=patrol.participants,
                planned_by=patrol.planned_by,
            )
        )
