"""The stores of events in memory, with transactions that roll back. Proven against PostgreSQL by `integration/test_storage.py`."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from services.events.domain.check_in import CheckIn
from services.events.domain.errors import (
    AlreadyRegistered,
    CheckInNotFound,
    EventNotFound,
    NonceReused,
    RegistrationNotFound,
)
from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.neighbourhood import Building, Figures
from services.events.domain.places import Places
from services.events.domain.registration import Registration, RegistrationState
from services.events.tests.builders import NOW
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.errors import AppError, ConcurrentChange, PreconditionFailed


@dataclass(slots=True)
class Memory:
    """Everything one community keeps."""

    events: dict[UUID, NeighbourhoodEvent] = field(default_factory=dict)
    places: dict[UUID, Places] = field(default_factory=dict)
    registrations: dict[UUID, Registration] = field(default_factory=dict)
    check_ins: dict[UUID, CheckIn] = field(default_factory=dict)
    figures: dict[object, Figures] = field(default_factory=dict)
    buildings: dict[UUID, Building] = field(default_factory=dict)
    households: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)
    """person -> (household, building)"""


class MemoryUnitOfWork:
    """Satisfies `ports.EventsUnitOfWork`; all stores in one object, one name each."""

    def __init__(self, clock: FrozenClock | None = None) -> None:
        self.clock = clock or FrozenClock(NOW)
        self.memory = Memory()
        self.published: list[Message] = []
        """Messages of all committed transactions."""
        self._before = deepcopy(self.memory)
        self._buffered: list[Message] = []
        self.events = _Events(self)
        self.places = _Places(self)
        self.registrations = _Registrations(self)
        self.check_ins = _CheckIns(self)
        self.neighbourhood = _Neighbourhood(self)

    def now(self) -> datetime:
        """What the frozen clock says."""
        return self.clock.now()

    async def publish(self, message: Message) -> None:
        """Buffer until commit."""
        self._buffered.append(message)

    async def __aenter__(self) -> Self:
        """Remember how it was."""
        self._before, self._buffered = deepcopy(self.memory), []
        return self

    async def __aexit__(self, kind: type[BaseException] | None, /, *rest: object) -> None:
        """Keep everything, or nothing."""
        if kind is None:
            self.published += self._buffered
        else:
            self.memory = self._before

    async def finish(self, result: object) -> None:
        """Nothing to prove in memory."""


Thing = TypeVar("Thing")


class _Store:
    def __init__(self, uow: MemoryUnitOfWork) -> None:
        self._uow = uow

    @property
    def _memory(self) -> Memory:
        return self._uow.memory


def _found(things: dict[UUID, Thing], key: UUID, missing: type[AppError]) -> Thing:
    if key not in things:
        raise missing
    return deepcopy(things[key])


class _Events(_Store):
    async def add(self, event: NeighbourhoodEvent) -> None:
        self._memory.events[event.id] = deepcopy(event)

    async def get(self, event_id: UUID, *, expected_version: int | None = None) -> NeighbourhoodEvent:
        event = _found(self._memory.events, event_id, EventNotFound)
        if expected_version not in (None, event.version):
            raise PreconditionFailed
        return event

    async def glance(self, event_id: UUID) -> NeighbourhoodEvent:
        return await self.get(event_id)

    async def save(self, event: NeighbourhoodEvent) -> None:
        if _found(self._memory.events, event.id, EventNotFound).version != event.version:
            raise ConcurrentChange
        event.version += 1
        self._memory.events[event.id] = deepcopy(event)


class _Places(_Store):
    async def add(self, event_id: UUID, places: Places) -> None:
        self._memory.places[event_id] = replace(places)

    async def lock(self, event_id: UUID) -> Places:
        return _found(self._memory.places, event_id, EventNotFound)

    async def save(self, event_id: UUID, places: Places) -> None:
        self._memory.places[event_id] = replace(places)


class _Registrations(_Store):
    async def place(self, registration: Registration, *, at: datetime) -> bool:
        places = await self._uow.places.lock(registration.event_id)
        try:
            places.check_takes(registration.persons, at)
        except AppError:
            return False
        if any(r.registered_by == registration.registered_by for r in self._active(registration.event_id)):
            raise AlreadyRegistered
        confirmed = places.take(registration.persons)
        registration.position = places.last_position
        registration.state = RegistrationState.CONFIRMED if confirmed else RegistrationState.WAITLISTED
        registration.rank = None if confirmed else places.waiting
        self._memory.registrations[registration.id] = replace(registration, rank=None)
        await self._uow.places.save(registration.event_id, places)
        return True

    async def get(self, registration_id: UUID, *, event_id: UUID) -> Registration:
        registration = _found(self._memory.registrations, registration_id, RegistrationNotFound)
        if registration.event_id != event_id:
            raise RegistrationNotFound
        return registration

    async def save(self, registration: Registration) -> None:
        if self._memory.registrations[registration.id].version != registration.version:
            raise ConcurrentChange
        registration.version += 1
        self._memory.registrations[registration.id] = replace(registration, rank=None)

    async def head_of_waitlist(self, event_id: UUID, *, limit: int) -> Sequence[Registration]:
        return [replace(registration) for registration in self._waiting(event_id)[:limit]]

    async def largest_waiting_party(self, event_id: UUID) -> int:
        return max((registration.persons for registration in self._waiting(event_id)), default=0)

    async def end_all(self, event_id: UUID, *, at: datetime) -> Sequence[UUID]:
        ended = sorted(self._active(event_id), key=lambda registration: registration.position)
        for registration in ended:
            registration.end_with_event(at)
            registration.version += 1
        return [registration.registered_by for registration in ended]

    def _active(self, event_id: UUID) -> list[Registration]:
        ended = RegistrationState.CANCELLED
        return [r for r in self._memory.registrations.values() if r.event_id == event_id and r.state is not ended]

    def _waiting(self, event_id: UUID) -> list[Registration]:
        return sorted((r for r in self._active(event_id) if r.waits), key=lambda r: r.position)


class _CheckIns(_Store):
    async def add(self, check_in: CheckIn) -> None:
        if await self.by_nonce(check_in.event_id, check_in.nonce):
            raise NonceReused
        self._memory.check_ins[check_in.id] = replace(check_in)

    async def by_nonce(self, event_id: UUID, nonce: str) -> CheckIn | None:
        for known in self._memory.check_ins.values():
            if (known.event_id, known.nonce) == (event_id, nonce):
                return replace(known)
        return None

    async def get(self, check_in_id: UUID, *, registration_id: UUID) -> CheckIn:
        check_in = _found(self._memory.check_ins, check_in_id, CheckInNotFound)
        if check_in.registration_id != registration_id:
            raise CheckInNotFound
        return check_in

    async def save(self, check_in: CheckIn) -> None:
        check_in.version += 1
        self._memory.check_ins[check_in.id] = replace(check_in)


class _Neighbourhood(_Store):
    async def keep_figures(self, figures: Figures) -> None:
        self._memory.figures[figures.as_of] = figures

    async def keep_building(self, building: Building) -> None:
        self._memory.buildings[building.id] = building

    async def move_building(self, building_id: UUID, *, grid_id: UUID) -> None:
        if building_id in self._memory.buildings:
            self._memory.buildings[building_id] = replace(self._memory.buildings[building_id], grid_id=grid_id)

    async def keep_household(self, household_id: UUID, *, building_id: UUID, person_ids: Sequence[UUID]) -> None:
        for person, (household, _) in list(self._memory.households.items()):
            if household == household_id and person not in person_ids:
                del self._memory.households[person]
        for person in person_ids:
            await self.join_household(household_id, building_id=building_id, person_id=person)

    async def join_household(self, household_id: UUID, *, building_id: UUID, person_id: UUID) -> None:
        self._memory.households[person_id] = (household_id, building_id)
