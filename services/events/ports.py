"""What the use cases of events need from the world, in their own words. Storage keeps these promises on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.events.domain.check_in import CheckIn
from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.neighbourhood import Building, Figures
from services.events.domain.places import Places
from services.events.domain.registration import Registration
from shared.contracts.message import Message
from shared.transaction import Transaction


class EventStore(Protocol):
    """Neighbourhood events with their plans."""

    async def add(self, event: NeighbourhoodEvent) -> None:
        """Keep a new event."""
        ...

    async def get(self, event_id: UUID, *, expected_version: int | None = None) -> NeighbourhoodEvent:
        """Load an event. Raises EventNotFound, PreconditionFailed."""
        ...

    async def glance(self, event_id: UUID) -> NeighbourhoodEvent:
        """Load an event for a sign-up. It may be a moment old; `place` and the end of the transaction see to it that nothing rests on that."""
        ...

    async def save(self, event: NeighbourhoodEvent) -> None:
        """Keep the changes. Raises ConcurrentChange when somebody else was faster."""
        ...


class PlaceStore(Protocol):
    """The places of each event. Who locks them decides alone until the end of the transaction; lock them before anything else changes."""

    async def add(self, event_id: UUID, places: Places) -> None:
        """Set the places of a new event out."""
        ...

    async def lock(self, event_id: UUID) -> Places:
        """Load the places; everybody else who wants to take, give back or change places waits for this transaction."""
        ...

    async def save(self, event_id: UUID, places: Places) -> None:
        """Keep locked places."""
        ...


class RegistrationStore(Protocol):
    """Registrations of households, in the order in which they came."""

    async def place(self, registration: Registration, *, at: datetime) -> bool:
        """Keep a new registration with its places or, behind everybody who waits, with a rank: one atomic step that cannot oversell.

        Sets state, position and rank. False when places cannot be taken now (`Places.check_takes` says why); raises AlreadyRegistered.
        """
        ...

    async def get(self, registration_id: UUID, *, event_id: UUID) -> Registration:
        """Load a registration of this event to change it; others who want to wait. Raises RegistrationNotFound."""
        ...

    async def save(self, registration: Registration) -> None:
        """Keep the changes."""
        ...

    async def head_of_waitlist(self, event_id: UUID, *, limit: int) -> Sequence[Registration]:
        """The first households that wait, in their order."""
        ...

    async def largest_waiting_party(self, event_id: UUID) -> int:
        """Persons of the largest waiting household; 0 when nobody waits."""
        ...

    async def end_all(self, event_id: UUID, *, at: datetime) -> Sequence[UUID]:
        """End every registration because the event was called off; returns the persons to tell, each once."""
        ...


class CheckInStore(Protocol):
    """Arrivals."""

    async def add(self, check_in: CheckIn) -> None:
        """Keep a new arrival. Raises NonceReused."""
        ...

    async def by_nonce(self, event_id: UUID, nonce: str) -> CheckIn | None:
        """The arrival that a device told us under this nonce before, if it did."""
        ...

    async def get(self, check_in_id: UUID, *, registration_id: UUID) -> CheckIn:
        """Load an arrival of this registration. Raises CheckInNotFound."""
        ...

    async def save(self, check_in: CheckIn) -> None:
        """Keep the changes."""
        ...


class NeighbourhoodStore(Protocol):
    """Our copy of who lives where, for counting households and buildings that mix."""

    async def keep_figures(self, figures: Figures) -> None:
        """Keep the size of this community as of a day, or correct it."""
        ...

    async def keep_building(self, building: Building) -> None:
        """Keep or replace a building."""
        ...

    async def move_building(self, building_id: UUID, *, grid_id: UUID) -> None:
        """The building belongs to another grid now."""
        ...

    async def keep_household(self, household_id: UUID, *, building_id: UUID, person_ids: Sequence[UUID]) -> None:
        """These persons, and nobody else, live in this household."""
        ...

    async def join_household(self, household_id: UUID, *, building_id: UUID, person_id: UUID) -> None:
        """This person lives in this household from now on."""
        ...


class EventsUnitOfWork(Transaction, Protocol):
    """One transaction of one community."""

    @property
    def events(self) -> EventStore:
        """Neighbourhood events."""
        ...

    @property
    def places(self) -> PlaceStore:
        """Places."""
        ...

    @property
    def registrations(self) -> RegistrationStore:
        """Registrations."""
        ...

    @property
    def check_ins(self) -> CheckInStore:
        """Arrivals."""
        ...

    @property
    def neighbourhood(self) -> NeighbourhoodStore:
        """Copy of the master data."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Let the others know, if and when this transaction commits."""
        ...
