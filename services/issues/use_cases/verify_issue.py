"""Verify an issue: somebody who holds no role in a unit that worked on it looked, and confirms the result."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about, publish_closed
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueVerified
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class VerifyIssue:
    """Which issue, and what was seen."""

    issue_id: UUID
    note: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def verify_issue(command: VerifyIssue, uow: IssuesUnitOfWork) -> Issue:
    """Close a resolved issue on the word of a verifier."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.verify(note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(IssueVerified(**about(issue), verified_by=by.person))
    await publish_closed(issue, by, uow)
    return issue
