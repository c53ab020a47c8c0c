"""Periods are cut into the fewest counts that are stored, and none of their days is left out or counted twice."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.rates.periods import LENGTHS, ONE_DAY, Period, Piece, end_of, start_of
from services.issues.domain.words.reports import Grain

DAYS = st.dates(date(1999, 1, 1), date(2101, 12, 31))


def stored(piece: Piece) -> Iterator[date]:
    """The first days of the counts of a piece."""
    day = piece.first
    while day <= piece.last:
        assert start_of(piece.grain, day) == day
        yield day
        day = end_of(piece.grain, day) + ONE_DAY


@given(DAYS, st.integers(min_value=0, max_value=1500))
def test_every_day_of_a_period_is_read_once_and_no_other(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    read: Counter[date] = Counter()
    for piece in period.pieces():
        for start in stored(piece):
            read.update(start + timedelta(days=n) for n in range((end_of(piece.grain, start) - start).days + 1))
    assert read == Counter(first + timedelta(days=n) for n in range(length + 1))


@given(DAYS, st.integers(min_value=0, max_value=730))
def test_two_years_are_read_from_few_counts(first: date, length: int) -> None:
    pieces = Period(first, first + timedelta(days=length)).pieces()
    assert sum(len(list(stored(piece))) for piece in pieces) <= 2 * (10 + 2 + 2) + 8


@given(DAYS, st.sampled_from(LENGTHS))
def test_the_first_and_the_last_day_of_a_length_enclose_each_of_its_days(day: date, grain: Grain) -> None:
    first, last = start_of(grain, day), end_of(grain, day)
    assert first <= day <= last
    assert {start_of(grain, first), start_of(grain, last)} == {first}
    assert start_of(grain, last + ONE_DAY) == last + ONE_DAY


def test_a_period_that_ends_before_it_begins_has_nothing_to_read() -> None:
    assert list(Period(date(2026, 3, 2), date(2026, 3, 1)).pieces()) == []


@pytest.mark.parametrize(
    ("first", "last", "pieces"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), [Piece(Grain.QUARTER, date(2026, 1, 1), date(2026, 10, 1))]),
        (date(2024, 2, 21), date(2024, 2, 29), [Piece(Grain.DEKAD, date(2024, 2, 21), date(2024, 2, 21))]),
        (
            date(2026, 1, 1),
            date(2026, 11, 21),
            [
                Piece(Grain.QUARTER, date(2026, 1, 1), date(2026, 7, 1)),
                Piece(Grain.MONTH, date(2026, 10, 1), date(2026, 10, 1)),
                Piece(Grain.DEKAD, date(2026, 11, 1), date(2026, 11, 11)),
                Piece(Grain.DAY, date(2026, 11, 21), date(2026, 11, 21)),
            ],
        ),
    ],
)
def test_the_longest_counts_that_fit_are_taken(first: date, last: date, pieces: list[Piece]) -> None:
    assert list(Period(first, last).pieces()) == pieces
