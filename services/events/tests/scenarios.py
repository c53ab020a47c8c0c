"""The use cases of events on any store: memory in unit tests, PostgreSQL in integration tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.events.domain.event import EventState, NeighbourhoodEvent
from services.events.domain.occasion import Occasion
from services.events.domain.registration import Registration
from services.events.tests.builders import NOW, a_plan
from services.events.use_cases.annul_check_in import AnnulCheckIn, annul_check_in
from services.events.use_cases.cancel_event import CancelEvent, cancel_event
from services.events.use_cases.change_event import ChangeEvent, change_event
from services.events.use_cases.check_in import Arrival, CheckInHousehold, check_in
from services.events.use_cases.draft_event import DraftEvent, draft_event
from services.events.use_cases.finish_event import FinishEvent, finish_event
from services.events.use_cases.leave_event import LeaveEvent, leave_event
from services.events.use_cases.publish_event import PublishEvent, publish_event
from services.events.use_cases.register_household import RegisterHousehold, register_household
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.ids import new_id


@dataclass
class World:
    """One community with a clock that stands still and a way to begin transactions."""

    begin: Callable[[], Any]
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(NOW))
    told: list[Message] = field(default_factory=list)
    """Messages of committed transactions since the last `news()`."""

    async def run(self, use_case: Callable[..., Any], command: object) -> Any:
        """One command in one transaction."""
        uow = self.begin()
        before = len(uow.published)
        result = await use_case(command, uow)
        self.told += uow.published[before:]
        return result

    def news(self) -> list[Message]:
        """What was published since the last call."""
        told, self.told = self.told, []
        return told

    async def draft(self, **changes: Any) -> NeighbourhoodEvent:
        """Draft a banquet for 20."""
        occasion: Occasion = await self.run(draft_event, DraftEvent(a_plan(**changes), new_id()))
        return occasion.event

    async def publish(self, **changes: Any) -> NeighbourhoodEvent:
        """Draft and publish a banquet for 20; its news are not told."""
        event = await self.draft(**changes)
        occasion: Occasion = await self.run(publish_event, PublishEvent(event.id))
        self.news()
        assert occasion.event.state is EventState.PUBLISHED
        return occasion.event

    async def change(self, event: NeighbourhoodEvent, **changes: Any) -> Occasion:
        """Change the plan."""
        occasion: Occasion = await self.run(change_event, ChangeEvent(event.id, changes))
        return occasion

    async def cancel(self, event: NeighbourhoodEvent, reason: str = "暴雨") -> Occasion:
        """Call off."""
        occasion: Occasion = await self.run(cancel_event, CancelEvent(event.id, reason))
        return occasion

    async def finish(self, event: NeighbourhoodEvent) -> Occasion:
        """Say that it took place."""
        occasion: Occasion = await self.run(finish_event, FinishEvent(event.id))
        return occasion

    async def register(
        self, event: NeighbourhoodEvent, persons: int = 2, *, by: UUID | None = None, **more: Any
    ) -> Registration:
        """Sign a household up."""
        command = RegisterHousehold(event.id, by or new_id(), persons, **more)
        registration: Registration = await self.run(register_household, command)
        return registration

    async def leave(
        self, registration: Registration, *, by: UUID | None = None, organiser: bool = False
    ) -> Registration:
        """Give places or rank back."""
        command = LeaveEvent(registration.event_id, registration.id, by or registration.registered_by, organiser)
        left: Registration = await self.run(leave_event, command)
        return left

    async def check_in(self, registration: Registration, persons: int = 1, nonce: str = "", **more: Any) -> Arrival:
        """Persons arrive."""
        command = CheckInHousehold(
            registration.event_id, registration.id, nonce or str(new_id()), persons, new_id(), **more
        )
        arrival: Arrival = await self.run(check_in, command)
        return arrival

    async def annul(self, arrival: Arrival) -> Arrival:
        """Take an arrival back."""
        known = arrival.check_in
        command = AnnulCheckIn(known.event_id, known.registration_id, known.id, "扫错了", new_id())
        annulled: Arrival = await self.run(annul_check_in, command)
        return annulled

    async def state(self, registration: Registration) -> tuple[str, int]:
        """State and present persons of a registration as they are stored."""
        async with self.begin() as uow:
            found = await uow.registrations.get(registration.id, event_id=registration.event_id)
        return found.state.value, found.present_persons

    async def places(self, event: NeighbourhoodEvent) -> tuple[int, int]:
        """Confirmed persons and waiting households as they are stored."""
        async with self.begin() as uow:
            found = await uow.places.lock(event.id)
        return found.confirmed_persons, found.waiting
