"""Publish a neighbourhood event."""

from dataclasses import dataclass
from uuid import UUID

from services.events.domain.occasion import Occasion
from services.events.ports import EventsUnitOfWork
from shared.contracts.events import NeighbourhoodEventPublished
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PublishEvent:
    """Which draft."""

    event_id: UUID
    expected_version: int | None = None


@one_transaction
async def publish_event(command: PublishEvent, uow: EventsUnitOfWork) -> Occasion:
    """Show the event to everybody and let households sign up."""
    event = await uow.events.get(command.event_id, expected_version=command.expected_version)
    places = await uow.places.lock(event.id)
    event.publish(uow.now())
    places.is_open = True
    await uow.events.save(event)
    await uow.places.save(event.id, places)
    await uow.publish(
        NeighbourhoodEventPublished(
            event_id=event.id,
            kind=event.plan.kind,
            title=event.plan.title,
            starts_at=event.plan.starts_at,
            capacity=event.plan.capacity,
        )
    )
    return Occasion(event, places)
