"""Rebuild the counts: make them anew from facts and history beside those that are shown, step by step, then show the new ones.

Each step is a transaction of its own, so a rebuild that is killed goes on where it was. What changes meanwhile is counted in both.
"""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.rates.counting import count_issues
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RebuildCounts:
    """How many issues in one step, and for which job."""

    job_id: UUID
    lease: UUID
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a step came to. `differing`: sums that were not what they should have been, known at the end."""

    issues: int
    over: bool = False
    differing: int | None = None
    lost: bool = False
    """The job was cancelled or taken over: stop."""


@one_transaction
async def rebuild_counts(command: RebuildCounts, uow: IssuesUnitOfWork) -> Rebuilt:
    """One step; nothing is done while somebody else counts or should (`issues` is 0 then, and it is not over)."""
    job = await uow.jobs.get(command.job_id)
    if not job.is_held(command.lease):
        return Rebuilt(0, lost=True)
    generations = await uow.reports.lock()
    if generations is None:
        return Rebuilt(0)
    building = generations.building or await uow.reports.begin_building()
    issue_ids = await uow.reports.next_issues(generations.reached, command.limit)
    if not issue_ids and await uow.reports.has_waiting():
        return Rebuilt(0)  # what changed is counted first, or the comparison would call it a difference
    if not issue_ids:
        return Rebuilt(0, over=True, differing=await uow.reports.show(building))
    batch = await uow.reports.read(issue_ids)
    await uow.reports.add(building, count_issues(batch, {}))
    await uow.reports.reach(issue_ids[-1])
    job.progress(job.rows_done + len(issue_ids), job.rows_total, uow.now())
    await uow.jobs.save(job)
    return Rebuilt(len(issue_ids))
