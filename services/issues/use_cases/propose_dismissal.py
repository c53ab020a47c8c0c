"""Propose not to take an issue in: with a reason and the right address to turn to. A second person decides."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import DismissalReason
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueDismissalProposed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeDismissal:
    """Which issue, why, and where its reporter finds help instead."""

    issue_id: UUID
    reason_code: DismissalReason
    refer_to: str
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def propose_dismissal(command: ProposeDismissal, uow: IssuesUnitOfWork) -> Issue:
    """Lay a dismissal before a second person."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.propose_dismissal(
        reason_code=command.reason_code, refer_to=command.refer_to, reason=command.reason, by=by, at=uow.now()
    )
    await uow.issues.save(issue)
    await uow.publish(IssueDismissalProposed(**about(issue), reason_code=command.reason_code, proposed_by=by.person))
    return issue
