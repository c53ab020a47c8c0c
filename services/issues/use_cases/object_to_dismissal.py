"""Object to a dismissal: the reporter does not accept it, once, and the matter is registered again."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about, publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueObjected
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ObjectToDismissal:
    """Which issue, and why."""

    issue_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def object_to_dismissal(command: ObjectToDismissal, uow: IssuesUnitOfWork) -> Issue:
    """Let the office look at the matter again."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.object_(reason=command.reason, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(IssueObjected(**about(issue), objected_by=by.person))
    await publish_to_followers(issue, uow)
    return issue
