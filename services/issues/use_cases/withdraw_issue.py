"""Withdraw an issue: its reporter takes it back; the office only with proof that the reporter wants it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.meetings import Decision
from services.issues.domain.words.timers import ANSWER_OVERDUE
from services.issues.facts import publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.settle_agenda_item import settle_agenda_item
from shared.contracts.issues import IssueWithdrawn
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class WithdrawIssue:
    """Which issue, and why; the office must give proof here."""

    issue_id: UUID
    by: Principal
    reason: str | None = None
    expected_version: int | None = None


@one_transaction
async def withdraw_issue(command: WithdrawIssue, uow: IssuesUnitOfWork) -> Issue:
    """Close an issue because its reporter no longer wants it."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    before = issue.state
    issue.withdraw(reason=command.reason, by=by, at=uow.now())
    await settle_agenda_item(issue, before, Decision.WITHDRAWN, by=by, uow=uow)
    await uow.issues.save(issue)
    await uow.timers.cancel(ANSWER_OVERDUE, issue.id)
    await uow.publish(
        IssueWithdrawn(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            withdrawn_by=by.person,
            reported_by=issue.reported_by,
            responsible_organisation=issue.assignment.responsible_organisation if issue.assignment else None,
        )
    )
    await publish_to_followers(issue, uow)
    return issue
