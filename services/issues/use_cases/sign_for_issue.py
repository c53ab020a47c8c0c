"""Sign for an issue: the responsible organisation takes it over and works on it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.issues import TransitionRefused
from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueSigned
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SignForIssue:
    """Which issue."""

    issue_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def sign_for_issue(command: SignForIssue, uow: IssuesUnitOfWork) -> Issue:
    """Take an assigned issue over."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.sign(by=by, at=uow.now())
    if issue.assignment is None:
        raise TransitionRefused
    await uow.issues.save(issue)
    await uow.publish(
        IssueSigned(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            responsible_organisation=issue.assignment.responsible_organisation,
            signed_by=by.person,
            reported_by=issue.reported_by,
        )
    )
    return issue
