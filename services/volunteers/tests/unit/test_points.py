"""The arithmetic of points, and the rule of two persons."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.volunteers.domain.adjustment import Adjustment, AdjustmentState
from services.volunteers.domain.errors import (
    AdjustmentAlreadyDecided,
    RuleAlreadyApproved,
    SecondPersonNeeded,
)
from services.volunteers.domain.points import Legs, credit, start_of_day, start_of_week, take, take_back, within_caps
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.tests.builders import AT
from shared.ids import new_id

SOME = st.integers(1, 10**6)
MAYBE = st.integers(0, 10**6)


@given(points=SOME, other=MAYBE)
def test_the_legs_of_a_transfer_add_up_to_nothing(points: int, other: int) -> None:
    for legs in (credit(points, other), take(points), take_back(points, other)):
        assert legs.person + legs.debt + legs.issuing == 0


@given(points=SOME, free=MAYBE)
def test_taking_back_never_takes_more_than_is_free(points: int, free: int) -> None:
    legs = take_back(points, free)
    assert -legs.person <= free
    assert legs.person + legs.debt == -points


def test_new_points_pay_off_what_is_owed_first() -> None:
    assert credit(10, 0) == Legs(person=10, debt=0, issuing=-10)
    assert credit(10, 4) == Legs(person=6, debt=4, issuing=-10)
    assert credit(10, 25) == Legs(person=0, debt=10, issuing=-10)


@pytest.mark.parametrize(
    ("today", "this_week", "daily_cap", "weekly_cap", "allowed"),
    [(0, 0, None, None, 20), (50, 50, 60, None, 10), (60, 60, 60, 200, 0), (0, 190, 60, 200, 10), (70, 70, 60, 200, 0)],
)
def test_the_tightest_cap_counts(
    today: int, this_week: int, daily_cap: int | None, weekly_cap: int | None, allowed: int
) -> None:
    assert within_caps(20, today=today, this_week=this_week, daily_cap=daily_cap, weekly_cap=weekly_cap) == allowed


def test_days_and_weeks_are_those_of_the_community() -> None:
    sunday_evening = datetime(2026, 9, 6, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Laixi
    assert start_of_day(sunday_evening) == datetime(2026, 9, 5, 16, tzinfo=UTC)
    assert start_of_week(sunday_evening) == datetime(2026, 8, 30, 16, tzinfo=UTC)
    assert start_of_week(sunday_evening + timedelta(seconds=1)) == datetime(2026, 9, 6, 16, tzinfo=UTC)


def an_adjustment() -> Adjustment:
    return Adjustment(new_id(), person=new_id(), points=5, reason="漏记", proposed_by=new_id(), proposed_at=AT)


@pytest.mark.parametrize("who", ["proposed_by", "person"])
def test_neither_maker_nor_beneficiary_decides_an_adjustment(who: str) -> None:
    adjustment = an_adjustment()
    with pytest.raises(SecondPersonNeeded):
        adjustment.approve(by=getattr(adjustment, who), at=AT)
    assert adjustment.state is AdjustmentState.PROPOSED


def test_an_adjustment_is_decided_once() -> None:
    adjustment = an_adjustment()
    adjustment.reject(note="无依据", by=new_id(), at=AT)
    with pytest.raises(AdjustmentAlreadyDecided):
        adjustment.approve(by=new_id(), at=AT)


def test_a_version_of_a_rule_counts_within_its_dates_once_a_second_person_approved_it() -> None:
    maker = new_id()
    rule = PointsRule("tea", 1, "茶", "tea", 5, AT, effective_until=AT + timedelta(days=1), proposed_by=maker)
    assert not rule.in_force(AT)
    with pytest.raises(SecondPersonNeeded):
        rule.approve(by=maker, at=AT)
    rule.approve(by=new_id(), at=AT)
    assert [rule.in_force(AT + timedelta(hours=h)) for h in (-1, 0, 23, 24)] == [False, True, True, False]
    with pytest.raises(RuleAlreadyApproved):
        rule.approve(by=new_id(), at=AT)
