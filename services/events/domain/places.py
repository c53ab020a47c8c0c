"""The places of an event: how many are taken, and who comes in next.

No overtaking: while anybody waits, newcomers go behind them even if their party would fit, and free places go to the head of
the waitlist only. If the head's party is too large for what is free, everybody waits: a small household further behind does
not slip in, or a large family would never get its table. No place is left idle while the head fits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.events.domain.errors import CapacityTooSmall, EventIsFull, PartyIsTooLarge, RegistrationIsClosed


@dataclass(slots=True)
class Places:
    """Counters of one event, in persons; `waiting` counts households. `last_position` numbers all registrations in their order."""

    capacity: int
    closes_at: datetime
    has_waitlist: bool = True
    is_open: bool = False
    confirmed_persons: int = 0
    waiting: int = 0
    last_position: int = 0

    @property
    def free(self) -> int:
        """Places nobody has."""
        return self.capacity - self.confirmed_persons

    def fits(self, persons: int) -> bool:
        """Would a newcomer get its places at once?"""
        return self.waiting == 0 and persons <= self.free

    def check_takes(self, persons: int, at: datetime) -> None:
        """Refuse a newcomer who can have neither places nor a rank."""
        if not self.is_open or at >= self.closes_at:
            raise RegistrationIsClosed
        if persons > self.capacity:
            raise PartyIsTooLarge(f"活动总名额为 {self.capacity} 人", f"The event has {self.capacity} places in all")
        if not self.has_waitlist and not self.fits(persons):
            raise EventIsFull(f"剩余名额 {self.free} 个", f"{self.free} places are left")

    def take(self, persons: int) -> bool:
        """Give a newcomer its places (True) or the last rank of the waitlist (False)."""
        self.last_position += 1
        confirmed = self.fits(persons)
        if confirmed:
            self.confirmed_persons += persons
        else:
            self.waiting += 1
        return confirmed

    def give_back(self, persons: int, *, waited: bool) -> None:
        """A household leaves, from its places or from the waitlist."""
        if waited:
            self.waiting -= 1
        else:
            self.confirmed_persons -= persons

    def promote(self, waiting_parties: Iterable[int]) -> int:
        """Fill free places from the head of the waitlist (sizes of parties in order); returns how many households come in."""
        promoted = 0
        for persons in waiting_parties:
            if persons > self.free:
                break
            self.confirmed_persons += persons
            self.waiting -= 1
            promoted += 1
        return promoted

    def resize(self, capacity: int, *, largest_waiting_party: int) -> None:
        """Change the number of places; nobody loses a place, and no waiting household is shut out for good."""
        if capacity < self.confirmed_persons:
            raise CapacityTooSmall(
                f"已有 {self.confirmed_persons} 人确认名额", f"{self.confirmed_persons} persons have their places"
            )
        if capacity < largest_waiting_party:
            raise CapacityTooSmall(
                f"候补中有一户 {largest_waiting_party} 人，名额再少将永远排不上",
                f"A household of {largest_waiting_party} waits and could never come in",
            )
        self.capacity = capacity
