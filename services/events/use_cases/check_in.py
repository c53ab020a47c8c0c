"""A registered household arrives."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.events.domain.check_in import CheckIn
from services.events.domain.registration import Registration
from services.events.ports import EventsUnitOfWork
from shared.contracts.events import CheckedIn
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CheckInHousehold:
    """How many persons of which registration arrived, and when if not now (the device was offline)."""

    event_id: UUID
    registration_id: UUID
    nonce: str
    persons: int
    by: UUID
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """The check-in and how the household stands now."""

    check_in: CheckIn
    registration: Registration


@one_transaction
async def check_in(command: CheckInHousehold, uow: EventsUnitOfWork) -> Arrival:
    """Count persons as present. The same nonce again answers the same check-in and counts nothing."""
    event = await uow.events.get(command.event_id)
    registration = await uow.registrations.get(command.registration_id, event_id=event.id)
    known = await uow.check_ins.by_nonce(event.id, command.nonce)
    if known is not None:
        known.check_same(registration_id=registration.id, persons=command.persons)
        return Arrival(known, registration)
    arrived_at = command.occurred_at or uow.now()
    event.check_arrival(arrived_at, at=uow.now())
    registration.arrive(command.persons)
    record = CheckIn(
        id=new_id(),
        event_id=event.id,
        registration_id=registration.id,
        nonce=command.nonce,
        persons=command.persons,
        occurred_at=arrived_at,
        recorded_at=uow.now(),
        recorded_by=command.by,
    )
    await uow.check_ins.add(record)
    await uow.registrations.save(registration)
    await uow.publish(
        CheckedIn(
            registration_id=registration.id,
            event_id=event.id,
            title=event.plan.title,
            registered_by=registration.registered_by,
            persons=record.persons,
            checked_in_at=record.occurred_at,
        )
    )
    return Arrival(record, registration)
