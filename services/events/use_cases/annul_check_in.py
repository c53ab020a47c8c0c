"""Take a check-in back."""

from dataclasses import dataclass
from uuid import UUID

from services.events.ports import EventsUnitOfWork
from services.events.use_cases.check_in import Arrival
from shared.contracts.events import CheckInAnnulled
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AnnulCheckIn:
    """Which check-in, and why it was wrong."""

    event_id: UUID
    registration_id: UUID
    check_in_id: UUID
    reason: str
    by: UUID


@one_transaction
async def annul_check_in(command: AnnulCheckIn, uow: EventsUnitOfWork) -> Arrival:
    """Let a mistaken check-in count no more; its record stays with the reason."""
    registration = await uow.registrations.get(command.registration_id, event_id=command.event_id)
    check_in = await uow.check_ins.get(command.check_in_id, registration_id=registration.id)
    check_in.annul(reason=command.reason, by=command.by, at=uow.now())
    registration.take_back_arrival(check_in.persons)
    await uow.check_ins.save(check_in)
    await uow.registrations.save(registration)
    await uow.publish(
        CheckInAnnulled(
            registration_id=registration.id, event_id=command.event_id, registered_by=registration.registered_by
        )
    )
    return Arrival(check_in, registration)
