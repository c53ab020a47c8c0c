"""Finish a patrol: what was walked and found is told."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.patrol import Patrol
from services.issues.domain.words.patrols import FindingKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import PatrolFinished
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FinishPatrol:
    """Which patrol; the note says why part of the route was left out."""

    patrol_id: UUID
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def finish_patrol(command: FinishPatrol, uow: IssuesUnitOfWork) -> Patrol:
    """Come back."""
    by = command.by
    patrol = await uow.patrols.get(command.patrol_id, seen_by=by, expected_version=command.expected_version)
    patrol.finish(note=command.note, by=by, at=uow.now())
    await uow.patrols.save(patrol)
    counts, raised = await uow.patrols.counts(patrol.id)
    await uow.publish(
        PatrolFinished(
            patrol_id=patrol.id,
            kind=patrol.kind,
            participant_ids=patrol.participants,
            grids_visited=len(patrol.visited),
            grids_planned=len(patrol.route),
            hazards=counts.get(FindingKind.HAZARD, 0),
            problems=counts.get(FindingKind.PROBLEM, 0),
            trifles=counts.get(FindingKind.TRIFLE, 0),
            raised=raised,
            meeting_id=patrol.meeting_id,
        )
    )
    return patrol
