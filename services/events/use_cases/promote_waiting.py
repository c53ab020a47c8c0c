"""Bring waiting households in when places came free. Part of the transaction in which they came free, never a job for later."""

from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.places import Places
from services.events.ports import EventsUnitOfWork
from shared.contracts.events import RegistrationConfirmed


async def promote_waiting(event: NeighbourhoodEvent, places: Places, uow: EventsUnitOfWork) -> None:
    """Give free places to the head of the waitlist, in order; `places` must be locked, and are saved by the caller."""
    if not places.waiting or places.free <= 0:
        return
    # Every household has at least one person, so no more than `free` households can come in.
    head = await uow.registrations.head_of_waitlist(event.id, limit=places.free)
    promoted = places.promote(registration.persons for registration in head)
    for registration in head[:promoted]:
        registration.promote(uow.now())
        await uow.registrations.save(registration)
        await uow.publish(
            RegistrationConfirmed(
                registration_id=registration.id,
                event_id=event.id,
                title=event.plan.title,
                starts_at=event.plan.starts_at,
                registered_by=registration.registered_by,
                persons=registration.persons,
                promoted=True,
            )
        )
