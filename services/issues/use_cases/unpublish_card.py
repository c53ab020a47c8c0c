"""Take a card back: the issue is private again."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.card import unpublish
from services.issues.domain.issue import Issue
from services.issues.facts import card_withdrawn
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class UnpublishCard:
    """Which issue, and why."""

    issue_id: UUID
    by: Principal
    reason: str | None = None
    expected_version: int | None = None


@one_transaction
async def unpublish_card(command: UnpublishCard, uow: IssuesUnitOfWork) -> Issue:
    """Show the issue to the neighbours no longer."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    unpublish(issue, reason=command.reason, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(card_withdrawn(issue, by))
    return issue
