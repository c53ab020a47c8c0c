"""Rate an issue: the reporter says whether it is solved. "Not solved" opens it again by itself."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import State
from services.issues.facts import publish_closed, publish_reopened
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueRated
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RateIssue:
    """The reporter's answer; satisfaction runs from 1 to 5."""

    issue_id: UUID
    solved: bool
    satisfaction: int
    by: Principal
    comment: str | None = None
    expected_version: int | None = None


@one_transaction
async def rate_issue(command: RateIssue, uow: IssuesUnitOfWork) -> Issue:
    """Close the issue when its reporter says it is solved, else open another round."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    before, rated_round = issue.state, issue.round
    issue.rate(solved=command.solved, satisfaction=command.satisfaction, comment=command.comment, by=by, at=uow.now())
    await uow.issues.save(issue)
    organisation = issue.assignment.responsible_organisation if issue.assignment else None
    await uow.publish(
        IssueRated(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            solved=command.solved,
            satisfaction=command.satisfaction,
            responsible_organisation=organisation,
            rated_by=by.person,
            round=rated_round,
        )
    )
    if not command.solved:
        await publish_reopened(issue, by, uow)
    elif before is State.RESOLVED:
        await publish_closed(issue, by, uow)
    return issue
