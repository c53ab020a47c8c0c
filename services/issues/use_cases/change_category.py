"""Correct category or tier of an issue. What T3 stood still is never forgotten by it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.card import unpublish
from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import Tier
from services.issues.facts import about, card_withdrawn
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueRecategorised
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ChangeCategory:
    """Which issue, and the new category, the new tier, or both."""

    issue_id: UUID
    category: str | None
    tier: Tier | None
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def change_category(command: ChangeCategory, uow: IssuesUnitOfWork) -> Issue:
    """Say better what an issue is about, or how fast it must be solved."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    category = await uow.directory.category(command.category) if command.category is not None else None
    from_category, from_tier = issue.category, issue.tier
    issue.change_category(category=category, tier=command.tier, by=by, at=uow.now(), note=command.note)
    taken_back = issue.card is not None and issue.is_confidential()
    if taken_back:
        unpublish(issue, reason=None, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueRecategorised(
            **about(issue),
            from_category=from_category if from_category != issue.category else None,
            tier=issue.tier,
            from_tier=from_tier if from_tier is not issue.tier else None,
            due_at=issue.solve_by,
            recategorised_by=by.person,
        )
    )
    if taken_back:
        await uow.publish(card_withdrawn(issue, by))
    return issue
