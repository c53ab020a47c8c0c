"""Join an issue ("我也遇到了"): a neighbour has the same trouble, does not report it again, and hears what becomes of it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.following import check_joinable
from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueJoined
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class JoinIssue:
    """Which issue."""

    issue_id: UUID
    by: Principal


@one_transaction
async def join_issue(command: JoinIssue, uow: IssuesUnitOfWork) -> Issue:
    """Let a person follow an issue, once."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=None)
    check_joinable(issue, by)
    joined = await uow.followers.join(issue.id, by.person, uow.now())
    if joined is not None:
        issue.joined = joined
        await uow.publish(
            IssueJoined(
                issue_id=issue.id, number=issue.number, category=issue.category, joined_by=by.person, joined=joined
            )
        )
    return issue
