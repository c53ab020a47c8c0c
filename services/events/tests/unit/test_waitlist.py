"""No overtaking, no idle place while the head fits, nothing oversold: for every sequence of sign-ups, departures and changes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.events.domain.errors import CapacityTooSmall, EventIsFull, PartyIsTooLarge, RegistrationIsClosed
from services.events.domain.places import Places
from services.events.tests.builders import NOW

LATER = NOW + timedelta(days=1)


class Waitlist(RuleBasedStateMachine):
    """Places with the parties that hold them or wait, as the use cases drive them."""

    @initialize(capacity=st.integers(1, 30), has_waitlist=st.booleans())
    def start(self, capacity: int, has_waitlist: bool) -> None:
        self.places = Places(capacity, LATER, has_waitlist, is_open=True)
        self.confirmed: dict[int, int] = {}
        self.waiting: dict[int, int] = {}

    @rule(persons=st.integers(1, 10))
    def sign_up(self, persons: int) -> None:
        try:
            self.places.check_takes(persons, NOW)
        except PartyIsTooLarge:
            assert persons > self.places.capacity
            return
        except EventIsFull:
            assert not self.places.has_waitlist
            assert self.waiting or persons > self.places.free
            return
        someone_waits = bool(self.waiting)
        confirmed = self.places.take(persons)
        (self.confirmed if confirmed else self.waiting)[self.places.last_position] = persons
        assert not (confirmed and someone_waits), "a newcomer overtook"

    @precondition(lambda self: self.confirmed)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        position = data.draw(st.sampled_from(sorted(self.confirmed)))
        self.places.give_back(self.confirmed.pop(position), waited=False)
        self.promote()

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def leave_the_waitlist(self, data: st.DataObject) -> None:
        position = data.draw(st.sampled_from(sorted(self.waiting)))
        self.places.give_back(self.waiting.pop(position), waited=True)
        self.promote()

    @rule(capacity=st.integers(1, 40))
    def change_the_capacity(self, capacity: int) -> None:
        largest = max(self.waiting.values(), default=0)
        try:
            self.places.resize(capacity, largest_waiting_party=largest)
        except CapacityTooSmall:
            assert capacity < sum(self.confirmed.values()) or capacity < largest
            return
        self.promote()

    def promote(self) -> None:
        head = sorted(self.waiting)
        for position in head[: self.places.promote(self.waiting[position] for position in head)]:
            self.confirmed[position] = self.waiting.pop(position)

    @invariant()
    def counters_tell_the_truth(self) -> None:
        if not hasattr(self, "places"):
            return
        assert self.places.confirmed_persons == sum(self.confirmed.values())
        assert self.places.waiting == len(self.waiting)

    @invariant()
    def nothing_is_oversold(self) -> None:
        if hasattr(self, "places"):
            assert 0 <= self.places.confirmed_persons <= self.places.capacity

    @invariant()
    def no_place_is_idle_while_the_head_fits(self) -> None:
        if hasattr(self, "places") and self.waiting:
            assert self.waiting[min(self.waiting)] > self.places.free

    @invariant()
    def whoever_waits_came_after_everybody_who_got_in(self) -> None:
        if hasattr(self, "places") and self.waiting and self.confirmed:
            assert min(self.waiting) > max(self.confirmed)

    @invariant()
    def everybody_who_waits_can_come_in_one_day(self) -> None:
        if hasattr(self, "places"):
            assert all(persons <= self.places.capacity for persons in self.waiting.values())


TestWaitlist = Waitlist.TestCase
TestWaitlist.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)


def parties(*persons: int) -> Iterator[int]:
    return iter(persons)


def test_a_small_household_does_not_slip_in_before_a_large_one() -> None:
    places = Places(10, LATER, is_open=True, confirmed_persons=7, waiting=2)
    assert places.promote(parties(4, 1)) == 0
    assert (places.free, places.waiting) == (3, 2)


def test_free_places_go_to_as_many_of_the_head_as_fit() -> None:
    places = Places(10, LATER, is_open=True, confirmed_persons=2, waiting=4)
    assert places.promote(parties(4, 3, 2, 1)) == 2
    assert (places.confirmed_persons, places.waiting) == (9, 2)


def test_closed_places_take_nobody() -> None:
    with pytest.raises(RegistrationIsClosed):
        Places(10, LATER, is_open=False).check_takes(1, NOW)
    with pytest.raises(RegistrationIsClosed):
        Places(10, NOW, is_open=True).check_takes(1, NOW)
