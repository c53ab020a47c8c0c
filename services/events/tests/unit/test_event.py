"""Rules of a neighbourhood event."""

from datetime import timedelta

import pytest

from services.events.domain.errors import (
    EventHasStarted,
    EventInvalid,
    EventIsCancelled,
    EventIsFinished,
    EventNotFound,
    EventTransitionRefused,
    OutsideCheckInTime,
    ParticularsRefused,
    RegistrationIsClosed,
)
from services.events.domain.event import KIND_LABELS, STATE_LABELS, EventKind, EventState
from services.events.tests.builders import NOW, STARTS, a_plan, an_event

ENDS = STARTS + timedelta(hours=3)


def test_every_kind_and_state_has_a_label_in_both_languages() -> None:
    assert set(KIND_LABELS) == set(EventKind)
    assert set(STATE_LABELS) == set(EventState)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": STARTS}, "ends_at"),
        ({"ends_at": STARTS + timedelta(days=32)}, "ends_at"),
        ({"registration_deadline": STARTS + timedelta(minutes=1)}, "registration_deadline"),
    ],
)
def test_a_plan_that_contradicts_itself_names_the_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(EventInvalid) as refused:
        a_plan(**changes)
    assert set(refused.value.fields) == {field}


def test_registration_closes_at_the_deadline_or_at_the_start() -> None:
    assert a_plan().closes_at == STARTS
    assert a_plan(registration_deadline=NOW).closes_at == NOW


def test_an_event_whose_registration_would_be_over_cannot_be_published() -> None:
    event = an_event(state=EventState.DRAFT)
    with pytest.raises(EventTransitionRefused):
        event.publish(STARTS)


@pytest.mark.parametrize("state", [EventState.PUBLISHED, EventState.CANCELLED, EventState.FINISHED])
def test_only_a_draft_can_be_published(state: EventState) -> None:
    with pytest.raises(EventTransitionRefused):
        an_event(state=state).publish(NOW)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.FINISHED])
def test_what_is_over_cannot_be_changed_cancelled_or_finished(state: EventState) -> None:
    event = an_event(state=state)
    with pytest.raises(EventTransitionRefused):
        event.change(a_plan(title="另一个"), NOW)
    with pytest.raises(EventTransitionRefused):
        event.cancel(reason="再取消", at=NOW)
    with pytest.raises(EventTransitionRefused):
        event.finish(ENDS)


def test_a_published_event_keeps_its_kind_and_stays_in_the_future() -> None:
    event = an_event()
    with pytest.raises(EventTransitionRefused):
        event.change(a_plan(kind=EventKind.LECTURE), NOW)
    with pytest.raises(EventInvalid):
        event.change(a_plan(starts_at=NOW - timedelta(hours=1)), NOW)
    with pytest.raises(EventHasStarted):
        event.change(a_plan(title="晚了"), STARTS)


def test_a_draft_may_become_another_kind() -> None:
    event = an_event(state=EventState.DRAFT)
    event.change(a_plan(kind=EventKind.CLINIC), NOW)
    assert event.plan.kind is EventKind.CLINIC


def test_an_event_cannot_be_finished_before_it_starts() -> None:
    with pytest.raises(EventTransitionRefused):
        an_event().finish(STARTS - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (EventState.DRAFT, EventNotFound),
        (EventState.CANCELLED, EventIsCancelled),
        (EventState.FINISHED, EventIsFinished),
    ],
)
def test_nobody_signs_up_for_an_event_that_is_not_open(state: EventState, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        an_event(state=state).check_registration(dish=None, table=None, at=NOW)


def test_nobody_signs_up_after_the_deadline_or_the_start() -> None:
    event = an_event(registration_deadline=STARTS - timedelta(days=1))
    with pytest.raises(RegistrationIsClosed):
        event.check_registration(dish=None, table=None, at=STARTS - timedelta(days=1))
    with pytest.raises(EventHasStarted):
        event.check_registration(dish=None, table=None, at=STARTS)


def test_a_dish_belongs_to_a_banquet() -> None:
    an_event().check_registration(dish="红烧鲤鱼", table=3, at=NOW)
    with pytest.raises(ParticularsRefused) as refused:
        an_event(kind=EventKind.LECTURE).check_registration(dish="红烧鲤鱼", table=3, at=NOW)
    assert set(refused.value.fields) == {"dish", "table"}


@pytest.mark.parametrize("occurred_at", [STARTS - timedelta(hours=2), STARTS, ENDS + timedelta(hours=6)])
def test_arrivals_count_from_two_hours_before_until_six_hours_after(occurred_at: object) -> None:
    an_event().check_arrival(occurred_at, at=ENDS + timedelta(days=1))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("occurred_at", "at"),
    [
        (STARTS - timedelta(hours=2, seconds=1), ENDS),
        (ENDS + timedelta(hours=6, seconds=1), ENDS + timedelta(days=1)),
        (STARTS + timedelta(minutes=3), STARTS),
        (STARTS, ENDS + timedelta(days=7, seconds=1)),
    ],
    ids=["before the doors open", "after they close", "in the future", "told too late"],
)
def test_arrivals_outside_of_that_time_are_refused(occurred_at: object, at: object) -> None:
    with pytest.raises(OutsideCheckInTime):
        an_event().check_arrival(occurred_at, at=at)  # type: ignore[arg-type]


def test_a_phone_whose_clock_runs_a_little_fast_is_believed() -> None:
    an_event().check_arrival(STARTS + timedelta(minutes=1), at=STARTS)


def test_nobody_arrives_at_a_cancelled_event() -> None:
    with pytest.raises(EventIsCancelled):
        an_event(state=EventState.CANCELLED).check_arrival(STARTS, at=STARTS)


def test_arrivals_may_still_be_told_after_the_event_was_finished() -> None:
    an_event(state=EventState.FINISHED).check_arrival(STARTS, at=ENDS)
