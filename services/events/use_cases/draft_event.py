"""Draft a neighbourhood event."""

from dataclasses import dataclass
from uuid import UUID

from services.events.domain.event import NeighbourhoodEvent, Plan
from services.events.domain.occasion import Occasion
from services.events.domain.places import Places
from services.events.ports import EventsUnitOfWork
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """What is planned, and by whom."""

    plan: Plan
    by: UUID


@one_transaction
async def draft_event(command: DraftEvent, uow: EventsUnitOfWork) -> Occasion:
    """Write an event down; nobody but the organisers sees it yet, and nobody can sign up."""
    plan = command.plan
    event = NeighbourhoodEvent(id=new_id(), plan=plan, created_by=command.by, created_at=uow.now())
    await uow.events.add(event)
    places = Places(plan.capacity, plan.closes_at, plan.has_waitlist)
    await uow.places.add(event.id, places)
    return Occasion(event, places)
