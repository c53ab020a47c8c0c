"""Count changes: take issues that changed off the queue and add what they add now, less what they added before."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.job import Job
from services.issues.domain.platform import PLATFORM
from services.issues.domain.rates.contribution import Contribution
from services.issues.domain.rates.counting import count_issues
from services.issues.domain.rates.periods import ONE_DAY
from services.issues.domain.words.jobs import JobKind
from services.issues.ports.reports import Placed
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CountChanges:
    """How many at most, so that the transaction stays short."""

    limit: int = 200


@one_transaction
async def count_changes(command: CountChanges, uow: IssuesUnitOfWork) -> int:
    """Bring the counts up to date; returns how many changed issues were counted. What is broken off was never taken."""
    reports = uow.reports
    generations = await reports.lock()
    issue_ids = await reports.take_changed(command.limit) if generations else ()
    if generations is None or not issue_ids:
        return 0
    if generations.are_outdated:
        await _have_them_made_anew(uow)
    batch = await reports.read(issue_ids)
    former = await reports.former(generations.current, issue_ids)
    counted = count_issues(batch, former)
    await reports.add(generations.current, counted)
    if generations.building is not None and generations.reached is not None:
        # Counts that are being made anew: what they have passed already must follow.
        passed = [(facts, steps) for facts, steps in batch if facts.issue_id <= generations.reached]
        if passed:
            known = await reports.former(generations.building, [facts.issue_id for facts, _ in passed])
            await reports.add(generations.building, count_issues(passed, known))
    moved = [
        Placed(facts.issue_id, building, category, facts.registered_at)
        for facts, _ in batch
        for building, category in _places(former.get(facts.issue_id), counted.contributions[facts.issue_id])
    ]
    if moved:
        await reports.count_repetitions_of(moved)
    return len(issue_ids)


async def _have_them_made_anew(uow: IssuesUnitOfWork) -> None:
    """Counts by two sets of rules must not stand side by side for long. Should it fail, it is tried again the next day."""
    now = uow.now()
    if not await uow.jobs.was_asked_since(JobKind.REBUILD, PLATFORM.person, now - ONE_DAY):
        await uow.jobs.add(Job(id=new_id(), kind=JobKind.REBUILD, asked_by=PLATFORM.person, asked_at=now, wanted={}))


def _places(former: Contribution | None, now: Contribution) -> list[tuple[UUID, str]]:
    """Where a new or moved matter changes whether later ones are repetitions: the old place and the new one."""
    before, after = (former.place, former.category) if former else ("", ""), (now.place, now.category)
    return [] if before == after else [(UUID(place), category) for place, category in (before, after) if place]
