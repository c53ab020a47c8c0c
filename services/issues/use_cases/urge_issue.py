"""Urge (催办): who waits for an issue asks to hurry, once a day, after something that was promised is late."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.conditions import local_day
from services.issues.domain.errors.issues import NotTheirStep
from services.issues.domain.errors.publicity import UrgedToday
from services.issues.domain.following import waits_for
from services.issues.domain.issue import Issue
from services.issues.domain.urging import urge
from services.issues.facts import lead_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueUrged
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class UrgeIssue:
    """Which issue, and what its reporter, who filed it for them, or a joiner has to say."""

    issue_id: UUID
    by: Principal
    note: str | None = None


@one_transaction
async def urge_issue(command: UrgeIssue, uow: IssuesUnitOfWork) -> Issue:
    """Tell those who work on it that somebody waits. It makes no new version of the issue: nobody's work is outdated by it."""
    by, now = command.by, uow.now()
    issue, watch = await uow.clocks.watch(command.issue_id)
    if not waits_for(issue, by):
        follows = await uow.followers.follows(issue.id, by.person)
        if not follows or issue.is_confidential():
            issue.check_visible_to(by)
            raise NotTheirStep("只有诉求人和加入的邻居可以催办", "Only the reporter and neighbours who joined can urge")
    late = urge(issue, watch.clocks, command.note, by=by, at=now)
    urged = await uow.followers.urge(issue.id, by.person, local_day(now), now)
    if urged is None:
        raise UrgedToday
    issue.urged = urged
    await uow.issues.note(issue)
    await uow.publish(
        IssueUrged(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            urged_by=by.person,
            times=urged,
            late=late,
            responsible_organisation=lead_of(issue),
        )
    )
    return issue
