"""Accept an issue: the office takes it in and sets how fast it must be solved."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.limits import TIME_FOR_THE_OFFICE
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.timers import GOES_ON_AGENDA
from services.issues.facts import publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueAccepted, IssueFoundRepeated
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AcceptIssue:
    """Which issue, and its tier."""

    issue_id: UUID
    tier: Tier
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def accept_issue(command: AcceptIssue, uow: IssuesUnitOfWork) -> Issue:
    """Take an issue in and set its tier."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.accept(tier=command.tier, by=by, at=uow.now(), note=command.note)
    earlier = await uow.issues.earlier(issue)
    if earlier:
        issue.mark_repeated(earlier[0], times=len(earlier) + 1, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueAccepted(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            tier=command.tier,
            accepted_by=by.person,
            reported_by=issue.reported_by,
            due_at=issue.solve_by,
        )
    )
    if earlier:
        await uow.publish(
            IssueFoundRepeated(
                issue_id=issue.id,
                number=issue.number,
                category=issue.category,
                earlier_issue_id=earlier[0],
                times=len(earlier) + 1,
                building_id=issue.place.building_id,
            )
        )
        await uow.timers.set(GOES_ON_AGENDA, issue.id, uow.now() + TIME_FOR_THE_OFFICE)
    await publish_to_followers(issue, uow)
    return issue
