"""Reopen an issue: it was not solved after all, and whoever was responsible goes on with it in another round."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import publish_reopened
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReopenIssue:
    """Which issue, and why."""

    issue_id: UUID
    note: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def reopen_issue(command: ReopenIssue, uow: IssuesUnitOfWork) -> Issue:
    """Begin another round."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.reopen(note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await publish_reopened(issue, by, uow)
    return issue
