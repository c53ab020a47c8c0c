"""A household's registration for an event: one person signs up n persons. confirmed or waitlisted → cancelled."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.events.domain.errors import MoreThanRegistered, NotConfirmed, RegistrationTransitionRefused

LARGEST_PARTY = 10
"""Three generations at one table; larger groups register as two households."""


class RegistrationState(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class EndedBy(StrEnum):
    """Why a registration ended."""

    HOUSEHOLD = "household"
    EVENT_CANCELLED = "event_cancelled"


STATE_LABELS = {
    RegistrationState.CONFIRMED: ("已确认", "confirmed"),
    RegistrationState.WAITLISTED: ("候补中", "on the waitlist"),
    RegistrationState.CANCELLED: ("已取消", "cancelled"),
}
"""(zh, en) of each state."""


@dataclass(slots=True)
class Registration:
    """The aggregate. `position` is the place in the order of all sign-ups of the event; `rank` counts the waiting ahead, plus one."""

    id: UUID
    event_id: UUID
    registered_by: UUID
    persons: int
    registered_at: datetime
    dish: str | None = None
    table: int | None = None
    state: RegistrationState = RegistrationState.CONFIRMED
    position: int = 0
    rank: int | None = None
    promoted_at: datetime | None = None
    cancelled_at: datetime | None = None
    ended_by: EndedBy | None = None
    present_persons: int = 0
    version: int = 1

    @property
    def waits(self) -> bool:
        """Is it on the waitlist?"""
        return self.state is RegistrationState.WAITLISTED

    def promote(self, at: datetime) -> None:
        """Places came free: the household comes in from the waitlist."""
        self._must_be(RegistrationState.WAITLISTED)
        self.state, self.promoted_at, self.rank = RegistrationState.CONFIRMED, at, None

    def leave(self, at: datetime) -> None:
        """The household gives its places or its rank back."""
        self._must_be(RegistrationState.CONFIRMED, RegistrationState.WAITLISTED)
        if self.present_persons:
            raise RegistrationTransitionRefused(
                "已有家人签到，不能退出", "Members of the household have arrived already"
            )
        self._end(EndedBy.HOUSEHOLD, at)

    def end_with_event(self, at: datetime) -> None:
        """The event was called off."""
        self._end(EndedBy.EVENT_CANCELLED, at)

    def arrive(self, persons: int) -> None:
        """Count members of the household as present; they may arrive one after the other, but never more than registered."""
        if self.state is not RegistrationState.CONFIRMED:
            zh, en = STATE_LABELS[self.state]
            raise NotConfirmed(f"该报名处于“{zh}”", f"The registration is {en}")
        if self.present_persons + persons > self.persons:
            raise MoreThanRegistered(
                f"报名 {self.persons} 人，已签到 {self.present_persons} 人",
                f"{self.persons} registered, {self.present_persons} present already",
            )
        self.present_persons += persons

    def take_back_arrival(self, persons: int) -> None:
        """A check-in was annulled."""
        self.present_persons -= persons

    def _end(self, by: EndedBy, at: datetime) -> None:
        self.state, self.ended_by, self.cancelled_at, self.rank = RegistrationState.CANCELLED, by, at, None

    def _must_be(self, *states: RegistrationState) -> None:
        if self.state not in states:
            zh, en = STATE_LABELS[self.state]
            raise RegistrationTransitionRefused(f"该报名处于“{zh}”", f"The registration is {en}")
