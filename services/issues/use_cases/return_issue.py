"""Return an issue: the responsible organisation says that it is not theirs. The second time, the subdistrict decides."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueBroughtUp, IssueReturned
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReturnIssue:
    """Which issue, and why."""

    issue_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def return_issue(command: ReturnIssue, uow: IssuesUnitOfWork) -> Issue:
    """Give an assigned issue back to the office."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    organisation = issue.assignment.responsible_organisation if issue.assignment else None
    issue.return_(reason=command.reason, by=by, at=uow.now())
    await uow.issues.save(issue)
    facts = {**about(issue), "responsible_organisation": organisation}
    await uow.publish(IssueReturned(**facts, returned_by=by.person, returns=issue.returns))
    if issue.awaits_subdistrict and issue.brought_up is not None:
        await uow.publish(IssueBroughtUp(**facts, why=issue.brought_up))
    return issue
