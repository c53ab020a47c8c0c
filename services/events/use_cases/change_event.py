"""Change the plan of a neighbourhood event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.events.domain.occasion import Occasion
from services.events.ports import EventsUnitOfWork
from services.events.use_cases.promote_waiting import promote_waiting
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """Parts of the plan by name; what is not named stays."""

    event_id: UUID
    changes: Mapping[str, Any]
    expected_version: int | None = None


@one_transaction
async def change_event(command: ChangeEvent, uow: EventsUnitOfWork) -> Occasion:
    """Change time, place, capacity and so on. Nobody loses places; more places bring in the head of the waitlist at once."""
    event = await uow.events.get(command.event_id, expected_version=command.expected_version)
    places = await uow.places.lock(event.id)
    event.change(replace(event.plan, **command.changes), uow.now())
    if event.plan.capacity != places.capacity:
        largest = await uow.registrations.largest_waiting_party(event.id)
        places.resize(event.plan.capacity, largest_waiting_party=largest)
    places.closes_at, places.has_waitlist = event.plan.closes_at, event.plan.has_waitlist
    await promote_waiting(event, places, uow)
    await uow.events.save(event)
    await uow.places.save(event.id, places)
    return Occasion(event, places)
