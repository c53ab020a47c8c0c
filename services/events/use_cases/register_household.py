"""Sign a household up for a neighbourhood event."""

from dataclasses import dataclass
from uuid import UUID

from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.registration import Registration
from services.events.ports import EventsUnitOfWork
from shared.contracts.events import RegistrationConfirmed, RegistrationWaitlisted
from shared.contracts.message import Message
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RegisterHousehold:
    """Who comes with how many; at a banquet also the dish they bring and the table they would like."""

    event_id: UUID
    by: UUID
    persons: int
    dish: str | None = None
    table: int | None = None


@one_transaction
async def register_household(command: RegisterHousehold, uow: EventsUnitOfWork) -> Registration:
    """Give the household its places, or a rank on the waitlist when there are too few or others wait already."""
    at = uow.now()
    event = await uow.events.glance(command.event_id)
    event.check_registration(dish=command.dish, table=command.table, at=at)
    registration = Registration(
        id=new_id(),
        event_id=event.id,
        registered_by=command.by,
        persons=command.persons,
        registered_at=at,
        dish=command.dish,
        table=command.table,
    )
    if not await uow.registrations.place(registration, at=at):
        places = await uow.places.lock(event.id)
        places.check_takes(command.persons, at)
        # Somebody made room between our try and our look; now nobody can come between any more.
        await uow.registrations.place(registration, at=at)
    await uow.publish(_news(event, registration))
    return registration


def _news(event: NeighbourhoodEvent, registration: Registration) -> Message:
    if registration.waits:
        return RegistrationWaitlisted(
            registration_id=registration.id,
            event_id=event.id,
            title=event.plan.title,
            registered_by=registration.registered_by,
            persons=registration.persons,
            rank=registration.rank or 0,
        )
    return RegistrationConfirmed(
        registration_id=registration.id,
        event_id=event.id,
        title=event.plan.title,
        starts_at=event.plan.starts_at,
        registered_by=registration.registered_by,
        persons=registration.persons,
    )
