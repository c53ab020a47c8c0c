"""Call a neighbourhood event off."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.events.domain.event import EventState, NeighbourhoodEvent
from services.events.domain.occasion import Occasion
from services.events.ports import EventsUnitOfWork
from shared.contracts.events import NeighbourhoodEventCancelled
from shared.transaction import one_transaction

PERSONS_PER_MESSAGE = 1000
"""About 40 kB of ids: far below the largest message the broker takes."""


@dataclass(frozen=True, slots=True)
class CancelEvent:
    """Which event, and why."""

    event_id: UUID
    reason: str
    expected_version: int | None = None


@one_transaction
async def cancel_event(command: CancelEvent, uow: EventsUnitOfWork) -> Occasion:
    """Call the event off, end all registrations and tell everybody who had places or waited."""
    event = await uow.events.get(command.event_id, expected_version=command.expected_version)
    places = await uow.places.lock(event.id)
    was_public = event.state is not EventState.DRAFT
    event.cancel(reason=command.reason, at=uow.now())
    registrants = await uow.registrations.end_all(event.id, at=uow.now())
    places.is_open, places.confirmed_persons, places.waiting = False, 0, 0
    await uow.events.save(event)
    await uow.places.save(event.id, places)
    if was_public:
        await _tell(event, registrants, uow)
    return Occasion(event, places)


async def _tell(event: NeighbourhoodEvent, registrants: Sequence[UUID], uow: EventsUnitOfWork) -> None:
    for first in range(0, max(1, len(registrants)), PERSONS_PER_MESSAGE):
        await uow.publish(
            NeighbourhoodEventCancelled(
                event_id=event.id,
                title=event.plan.title,
                starts_at=event.plan.starts_at,
                registrant_ids=tuple(registrants[first : first + PERSONS_PER_MESSAGE]),
                reason=event.cancel_reason or "",
            )
        )
