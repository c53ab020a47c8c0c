"""Review a deferred issue: it is put off to another date, or the work begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about, publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueDeferralReviewed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReviewDeferral:
    """Which issue, and the next date; without a date the work begins."""

    issue_id: UUID
    review_at: datetime | None
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def review_deferral(command: ReviewDeferral, uow: IssuesUnitOfWork) -> Issue:
    """Look at a deferred issue again."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.review(review_at=command.review_at, note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueDeferralReviewed(
            **about(issue),
            reviewed_by=by.person,
            continued=command.review_at is not None,
            review_at=command.review_at,
        )
    )
    await publish_to_followers(issue, uow)
    return issue
