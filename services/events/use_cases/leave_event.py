"""A household gives its places or its rank back."""

from dataclasses import dataclass
from uuid import UUID

from services.events.domain.errors import RegistrationNotFound
from services.events.domain.registration import Registration
from services.events.ports import EventsUnitOfWork
from services.events.use_cases.promote_waiting import promote_waiting
from shared.contracts.events import RegistrationCancelled
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class LeaveEvent:
    """Which registration; an organiser may take anybody's back, others only their own."""

    event_id: UUID
    registration_id: UUID
    by: UUID
    organiser: bool = False


@one_transaction
async def leave_event(command: LeaveEvent, uow: EventsUnitOfWork) -> Registration:
    """End the registration before the event starts; whoever waits at the head comes in within the same transaction."""
    event = await uow.events.get(command.event_id)
    places = await uow.places.lock(event.id)
    registration = await uow.registrations.get(command.registration_id, event_id=event.id)
    if registration.registered_by != command.by and not command.organiser:
        raise RegistrationNotFound
    waited = registration.waits
    registration.leave(uow.now())
    event.check_not_started(uow.now())
    places.give_back(registration.persons, waited=waited)
    await uow.registrations.save(registration)
    await uow.publish(
        RegistrationCancelled(
            registration_id=registration.id,
            event_id=event.id,
            title=event.plan.title,
            registered_by=registration.registered_by,
            persons=registration.persons,
        )
    )
    await promote_waiting(event, places, uow)
    await uow.places.save(event.id, places)
    return registration
