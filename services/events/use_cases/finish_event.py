"""Say that a neighbourhood event took place."""

from dataclasses import dataclass
from uuid import UUID

from services.events.domain.occasion import Occasion
from services.events.ports import EventsUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FinishEvent:
    """Which event."""

    event_id: UUID
    expected_version: int | None = None


@one_transaction
async def finish_event(command: FinishEvent, uow: EventsUnitOfWork) -> Occasion:
    """Count the event as held (1 次). Arrivals of devices that were offline still come in."""
    event = await uow.events.get(command.event_id, expected_version=command.expected_version)
    places = await uow.places.lock(event.id)
    event.finish(uow.now())
    places.is_open = False
    await uow.events.save(event)
    await uow.places.save(event.id, places)
    return Occasion(event, places)
