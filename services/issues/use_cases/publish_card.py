"""Publish a card: neighbours see the issue in edited words, as far as its reporter allows."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.card import publish
from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import CardPublished
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PublishCard:
    """Which issue, and the words that neighbours read."""

    issue_id: UUID
    title: str
    summary: str
    shows_building: bool
    by: Principal
    expected_version: int | None = None


@one_transaction
async def publish_card(command: PublishCard, uow: IssuesUnitOfWork) -> Issue:
    """Show the issue to the neighbours, or change the words of its card."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    publish(
        issue,
        title=command.title,
        summary=command.summary,
        shows_building=command.shows_building,
        by=by,
        at=uow.now(),
    )
    await uow.issues.save(issue)
    await uow.publish(
        CardPublished(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            published_by=by.person,
            building_id=issue.place.building_id if command.shows_building else None,
            reported_by=issue.reported_by,
        )
    )
    return issue
