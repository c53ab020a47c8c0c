"""Leave an issue: a neighbour no longer wants to hear of it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.card import is_confidential
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueLeft
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class LeaveIssue:
    """Which issue."""

    issue_id: UUID
    by: Principal


@one_transaction
async def leave_issue(command: LeaveIssue, uow: IssuesUnitOfWork) -> Issue:
    """Let a person no longer follow an issue; who does not follow it changes nothing."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=None)
    joined = await uow.followers.leave(issue.id, by.person)
    if joined is not None:
        issue.joined = joined
        await uow.publish(
            IssueLeft(issue_id=issue.id, number=issue.number, category=issue.category, left_by=by.person, joined=joined)
        )
    elif is_confidential(issue.kind, issue.category):
        raise IssueNotFound
    return issue
