"""Propose to defer an issue (挂账): it cannot be solved now and is looked at again on a date. The subdistrict decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueBroughtUp, IssueDeferralProposed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeDeferral:
    """Which issue, why, and when it is looked at again. `historical`: 历史遗留问题, reviewed once a year."""

    issue_id: UUID
    reason: str
    review_at: datetime
    by: Principal
    historical: bool = False
    expected_version: int | None = None


@one_transaction
async def propose_deferral(command: ProposeDeferral, uow: IssuesUnitOfWork) -> Issue:
    """Bring a deferral before the subdistrict."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    brought_up_before = issue.brought_up is not None
    issue.propose_deferral(
        reason=command.reason, review_at=command.review_at, historical=command.historical, by=by, at=uow.now()
    )
    await uow.issues.save(issue)
    await uow.publish(
        IssueDeferralProposed(
            **about(issue), proposed_by=by.person, review_at=command.review_at, historical=command.historical
        )
    )
    if issue.brought_up is not None and not brought_up_before:
        await uow.publish(IssueBroughtUp(**about(issue), why=issue.brought_up))
    return issue
