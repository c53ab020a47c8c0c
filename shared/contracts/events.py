"""Facts of events: neighbourhood life (event always means a neighbourhood event)."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared.contracts.message import Message


class NeighbourhoodEventPublished(Message, type="events.event_published.v1", aggregate="event_id"):
    """A neighbourhood event is open for registration."""

    event_id: UUID
    kind: str
    title: str
    starts_at: datetime
    capacity: int


class NeighbourhoodEventCancelled(Message, type="events.event_cancelled.v1", aggregate="event_id"):
    """A neighbourhood event will not take place; everybody registered is told."""

    event_id: UUID
    title: str
    starts_at: datetime
    registrant_ids: tuple[UUID, ...] = ()
    reason: str = Field(default="", description="What the organiser wrote for everybody registered")


class RegistrationConfirmed(Message, type="events.registration_confirmed.v1", aggregate="registration_id"):
    """A household has its places."""

    registration_id: UUID
    event_id: UUID
    title: str
    starts_at: datetime
    registered_by: UUID
    persons: int
    promoted: bool = False


class RegistrationWaitlisted(Message, type="events.registration_waitlisted.v1", aggregate="registration_id"):
    """The event is full; the household stands on the waitlist with a rank."""

    registration_id: UUID
    event_id: UUID
    title: str
    registered_by: UUID
    persons: int
    rank: int


class RegistrationCancelled(Message, type="events.registration_cancelled.v1", aggregate="registration_id"):
    """A household gave its places back."""

    registration_id: UUID
    event_id: UUID
    title: str
    registered_by: UUID
    persons: int


class CheckedIn(Message, type="events.checked_in.v1", aggregate="registration_id"):
    """A registered household arrived with n persons."""

    registration_id: UUID
    event_id: UUID
    title: str
    registered_by: UUID
    persons: int
    checked_in_at: datetime


class CheckInAnnulled(Message, type="events.check_in_annulled.v1", aggregate="registration_id"):
    """A check-in was taken back, with a reason."""

    registration_id: UUID
    event_id: UUID
    registered_by: UUID
