"""Scenarios that every store must pass. `unit/test_use_cases.py` runs them in memory, `integration/test_storage.py` on PostgreSQL."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st

from services.events.domain.errors import (
    AlreadyAnnulled,
    AlreadyRegistered,
    CapacityTooSmall,
    CheckInNotFound,
    EventHasStarted,
    EventIsCancelled,
    EventIsFull,
    EventNotFound,
    MoreThanRegistered,
    NonceReused,
    NotConfirmed,
    PartyIsTooLarge,
    RegistrationIsClosed,
    RegistrationNotFound,
    RegistrationTransitionRefused,
)
from services.events.domain.event import NeighbourhoodEvent
from services.events.domain.registration import Registration, RegistrationState
from services.events.tests.builders import STARTS
from services.events.tests.scenarios import World
from services.events.use_cases.change_event import ChangeEvent, change_event
from services.events.use_cases.check_in import CheckInHousehold, check_in
from services.events.use_cases.publish_event import PublishEvent, publish_event
from shared.contracts.events import (
    CheckedIn,
    CheckInAnnulled,
    NeighbourhoodEventCancelled,
    NeighbourhoodEventPublished,
    RegistrationCancelled,
    RegistrationConfirmed,
    RegistrationWaitlisted,
)
from shared.errors import PreconditionFailed
from shared.ids import new_id

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


class EveryStore:
    """Inherit, and give a fixture `world`."""

    async def test_publishing_tells_that_registration_is_open(self, world: World) -> None:
        draft = await world.draft(capacity=30)
        assert world.news() == []
        await world.run(publish_event, PublishEvent(draft.id, expected_version=1))
        assert world.news() == [
            NeighbourhoodEventPublished(
                event_id=draft.id, kind="banquet", title=draft.plan.title, starts_at=STARTS, capacity=30
            )
        ]

    async def test_a_draft_takes_no_registrations(self, world: World) -> None:
        draft = await world.draft()
        with pytest.raises(EventNotFound):
            await world.register(draft)

    async def test_the_first_household_gets_its_places_and_is_told(self, world: World) -> None:
        event = await world.publish()
        registration = await world.register(event, 4, dish="红烧鲤鱼", table=3)
        assert (registration.state, registration.rank) == (CONFIRMED, None)
        assert world.news() == [
            RegistrationConfirmed(
                registration_id=registration.id,
                event_id=event.id,
                title=event.plan.title,
                starts_at=STARTS,
                registered_by=registration.registered_by,
                persons=4,
            )
        ]
        assert await world.places(event) == (4, 0)

    async def test_who_does_not_fit_waits_with_a_rank_and_is_told(self, world: World) -> None:
        event = await world.publish(capacity=5)
        await world.register(event, 4)
        world.news()
        waiting = await world.register(event, 3)
        assert (waiting.state, waiting.rank) == (WAITLISTED, 1)
        assert world.news() == [
            RegistrationWaitlisted(
                registration_id=waiting.id,
                event_id=event.id,
                title=event.plan.title,
                registered_by=waiting.registered_by,
                persons=3,
                rank=1,
            )
        ]
        small = await world.register(event, 1)
        assert (small.state, small.rank) == (WAITLISTED, 2), "one would fit, but nobody overtakes"
        assert await world.places(event) == (4, 2)

    async def test_one_person_registers_once_until_leaving(self, world: World) -> None:
        event, person = await world.publish(), new_id()
        first = await world.register(event, by=person)
        with pytest.raises(AlreadyRegistered):
            await world.register(event, by=person)
        assert await world.places(event) == (2, 0), "the refused one took nothing"
        await world.leave(first)
        assert (await world.register(event, by=person)).state is CONFIRMED

    async def test_clear_words_for_everybody_who_cannot_sign_up(self, world: World) -> None:
        event = await world.publish(capacity=4, has_waitlist=False, registration_deadline=STARTS - timedelta(days=1))
        with pytest.raises(PartyIsTooLarge):
            await world.register(event, 5)
        await world.register(event, 3)
        with pytest.raises(EventIsFull):
            await world.register(event, 2)
        world.clock.at = STARTS - timedelta(days=1)
        with pytest.raises(RegistrationIsClosed):
            await world.register(event, 1)
        world.clock.at = STARTS
        with pytest.raises(EventHasStarted):
            await world.register(event, 1)
        called_off = await world.draft(title="另一个")
        await world.cancel(called_off)
        with pytest.raises(EventIsCancelled):
            await world.register(called_off)
        called_off.id = new_id()
        with pytest.raises(EventNotFound):
            await world.register(called_off)

    async def test_leaving_brings_the_head_of_the_waitlist_in_at_once(self, world: World) -> None:
        event = await world.publish(capacity=6)
        first, second = await world.register(event, 3), await world.register(event, 3)
        large, small = await world.register(event, 4), await world.register(event, 1)
        world.news()

        await world.leave(first)
        assert [type(message) for message in world.news()] == [RegistrationCancelled]
        assert await world.places(event) == (3, 2), "four do not fit into three, and one does not slip past them"

        await world.leave(second)
        left, came, also_came = world.news()
        assert isinstance(left, RegistrationCancelled)
        assert left.registration_id == second.id
        assert isinstance(came, RegistrationConfirmed)
        assert (came.registration_id, came.persons, came.promoted) == (large.id, 4, True)
        assert isinstance(also_came, RegistrationConfirmed)
        assert also_came.registration_id == small.id
        assert await world.places(event) == (5, 0)

    async def test_a_large_head_that_gives_up_lets_those_behind_in(self, world: World) -> None:
        event = await world.publish(capacity=6)
        await world.register(event, 4)
        large, small = await world.register(event, 5), await world.register(event, 2)
        await world.leave(large)
        assert await world.state(small) == ("confirmed", 0)
        assert await world.places(event) == (6, 0)

    async def test_only_oneself_or_an_organiser_can_give_places_back(self, world: World) -> None:
        registration = await world.register(await world.publish())
        with pytest.raises(RegistrationNotFound):
            await world.leave(registration, by=new_id())
        await world.leave(registration, by=new_id(), organiser=True)
        with pytest.raises(RegistrationTransitionRefused):
            await world.leave(registration)

    async def test_nobody_leaves_after_the_start(self, world: World) -> None:
        registration = await world.register(await world.publish())
        world.clock.at = STARTS
        with pytest.raises(EventHasStarted):
            await world.leave(registration)

    async def test_more_places_bring_the_waiting_in(self, world: World) -> None:
        event = await world.publish(capacity=4)
        await world.register(event, 4)
        waiting = [await world.register(event, persons) for persons in (3, 2, 1)]
        world.news()
        occasion = await world.change(event, capacity=9)
        assert [message.aggregate_id for message in world.news()] == [waiting[0].id, waiting[1].id]
        assert (occasion.places.confirmed_persons, occasion.places.waiting, occasion.event.version) == (9, 1, 3)

    async def test_nobody_loses_a_place_by_a_change_and_nobody_is_shut_out(self, world: World) -> None:
        event = await world.publish(capacity=8)
        await world.register(event, 5)
        await world.register(event, 7)
        with pytest.raises(CapacityTooSmall):
            await world.change(event, capacity=4)
        with pytest.raises(CapacityTooSmall):
            await world.change(event, capacity=6)
        await world.change(event, capacity=7)
        assert await world.places(event) == (5, 1)

    async def test_a_later_start_moves_the_deadline_with_it(self, world: World) -> None:
        event = await world.publish(capacity=8)
        moved = STARTS + timedelta(days=1)
        await world.change(event, starts_at=moved, ends_at=moved + timedelta(hours=2))
        world.clock.at = STARTS + timedelta(hours=1)
        assert (await world.register(event)).state is CONFIRMED

    async def test_a_change_based_on_an_old_version_is_refused(self, world: World) -> None:
        event = await world.publish()
        with pytest.raises(PreconditionFailed):
            await world.run(change_event, ChangeEvent(event.id, {"title": "新标题"}, expected_version=1))
        await world.run(change_event, ChangeEvent(event.id, {"title": "新标题"}, expected_version=2))

    async def test_calling_off_ends_all_registrations_and_tells_everybody_why(self, world: World) -> None:
        event = await world.publish(capacity=4)
        confirmed, waiting = await world.register(event, 4), await world.register(event, 2)
        gone = await world.register(event, 1)
        await world.leave(gone)
        world.news()
        await world.cancel(event, "暴雨预警")
        assert world.news() == [
            NeighbourhoodEventCancelled(
                event_id=event.id,
                title=event.plan.title,
                starts_at=STARTS,
                registrant_ids=(confirmed.registered_by, waiting.registered_by),
                reason="暴雨预警",
            )
        ]
        assert await world.state(confirmed) == ("cancelled", 0)
        assert await world.state(waiting) == ("cancelled", 0)
        assert await world.places(event) == (0, 0)
        with pytest.raises(EventIsCancelled):
            await world.register(event)

    async def test_a_draft_is_called_off_quietly(self, world: World) -> None:
        await world.cancel(await world.draft())
        assert world.news() == []

    async def test_arrivals_are_counted_once_per_nonce_and_told(self, world: World) -> None:
        event = await world.publish()
        registration = await world.register(event, 3)
        world.clock.at = STARTS - timedelta(hours=1)
        world.news()
        first = await world.check_in(registration, 2, nonce="scan-0001")
        assert world.news() == [
            CheckedIn(
                registration_id=registration.id,
                event_id=event.id,
                title=event.plan.title,
                registered_by=registration.registered_by,
                persons=2,
                checked_in_at=world.clock.at,
            )
        ]
        again = await world.check_in(registration, 2, nonce="scan-0001")
        assert again.check_in == first.check_in
        assert world.news() == []
        with pytest.raises(NonceReused):
            await world.check_in(registration, 1, nonce="scan-0001")
        with pytest.raises(MoreThanRegistered):
            await world.check_in(registration, 2)
        assert await world.state(registration) == ("confirmed", 2)

    async def test_a_nonce_of_another_household_is_refused(self, world: World) -> None:
        event = await world.publish()
        one, other = await world.register(event), await world.register(event)
        world.clock.at = STARTS
        await world.check_in(one, nonce="scan-0001")
        with pytest.raises(NonceReused):
            await world.check_in(other, nonce="scan-0001")

    async def test_who_waits_or_left_is_not_checked_in(self, world: World) -> None:
        event = await world.publish(capacity=3)
        confirmed, waiting = await world.register(event, 3), await world.register(event, 3)
        await world.leave(waiting)
        late = await world.register(event, 2)
        world.clock.at = STARTS - timedelta(hours=1)
        for registration in (waiting, late):
            with pytest.raises(NotConfirmed):
                await world.check_in(registration)
        await world.check_in(confirmed, 3)
        with pytest.raises(RegistrationTransitionRefused):
            await world.leave(confirmed)

    async def test_an_arrival_noted_offline_keeps_its_own_time(self, world: World) -> None:
        registration = await world.register(await world.publish())
        world.clock.at = STARTS + timedelta(days=2)
        arrival = await world.check_in(registration, occurred_at=STARTS + timedelta(minutes=5))
        assert arrival.check_in.occurred_at == STARTS + timedelta(minutes=5)
        assert arrival.check_in.recorded_at == world.clock.at

    async def test_an_annulled_arrival_counts_no_more_and_its_nonce_counts_nothing(self, world: World) -> None:
        event = await world.publish()
        registration = await world.register(event, 2)
        world.clock.at = STARTS
        arrival = await world.check_in(registration, 2, nonce="scan-0001")
        world.news()
        annulled = await world.annul(arrival)
        assert annulled.registration.present_persons == 0
        assert world.news() == [
            CheckInAnnulled(
                registration_id=registration.id, event_id=event.id, registered_by=registration.registered_by
            )
        ]
        with pytest.raises(AlreadyAnnulled):
            await world.annul(arrival)
        await world.check_in(registration, 2, nonce="scan-0001")
        assert await world.state(registration) == ("confirmed", 0), "the same scan sent again is still the annulled one"
        await world.check_in(registration, 2, nonce="scan-0002")
        assert await world.state(registration) == ("confirmed", 2)

    async def test_ids_of_another_event_find_nothing(self, world: World) -> None:
        event, other = await world.publish(), await world.publish()
        registration = await world.register(event)
        world.clock.at = STARTS
        arrival = await world.check_in(registration)
        strange = CheckInHousehold(other.id, registration.id, "scan-0009", 1, new_id())
        with pytest.raises(RegistrationNotFound):
            await world.run(check_in, strange)
        arrival.check_in.id = new_id()
        with pytest.raises(CheckInNotFound):
            await world.annul(arrival)

    async def test_a_finished_event_takes_no_registrations(self, world: World) -> None:
        event = await world.publish()
        registration = await world.register(event)
        world.clock.at = STARTS + timedelta(hours=3)
        occasion = await world.finish(event)
        assert (occasion.event.finished_at, occasion.places.is_open) == (world.clock.at, False)
        await world.check_in(registration, occurred_at=STARTS)


async def whatever_happens_the_waitlist_keeps_its_promises(world: World, data: st.DataObject) -> None:
    """Households come and go, places are added; after each step: nothing oversold, nobody overtaken, no place idle."""
    event = await world.publish(capacity=data.draw(st.integers(4, 12), label="capacity"))
    known: list[Registration] = []
    for step in data.draw(st.lists(st.sampled_from(["come", "come", "come", "go", "grow"]), max_size=14)):
        if step == "come":
            known.append(await world.register(event, data.draw(st.integers(1, 4), label="persons")))
        elif step == "go" and known:
            await world.leave(known.pop(data.draw(st.integers(0, len(known) - 1), label="who")))
        elif step == "grow":
            event.plan = (await world.change(event, capacity=event.plan.capacity + 2)).event.plan
        await _promises_hold(world, event, known)


async def _promises_hold(world: World, event: NeighbourhoodEvent, known: list[Registration]) -> None:
    states = {registration.id: (await world.state(registration))[0] for registration in known}
    inside = [registration for registration in known if states[registration.id] == "confirmed"]
    waiting = sorted((r for r in known if states[r.id] == "waitlisted"), key=lambda r: r.position)
    taken = sum(registration.persons for registration in inside)
    assert await world.places(event) == (taken, len(waiting))
    assert taken <= event.plan.capacity
    if waiting:
        assert taken + waiting[0].persons > event.plan.capacity, "a place is idle although the head fits"
        assert all(registration.position < waiting[0].position for registration in inside), "somebody overtook"
