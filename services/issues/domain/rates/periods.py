"""Periods: days of China, first and last included. Any of them is whole quarters, months, thirds of months (旬) and, at its edges, days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from services.issues.domain.words.reports import Grain
from shared.clock import CHINA

ONE_DAY = timedelta(days=1)


def local_day(moment: datetime) -> date:
    """The day of a moment, in China."""
    return moment.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """The moment at which a day of China begins."""
    return datetime.combine(day, time(), tzinfo=CHINA)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


LENGTHS: tuple[Grain, ...] = (Grain.QUARTER, Grain.MONTH, Grain.DEKAD, Grain.DAY)
"""Longest first. Each begins with a shorter one, so a period is cut into the fewest by always taking the longest that fits."""


def start_of(grain: Grain, day: date) -> date:
    """The first day of the quarter, month, third of a month or day in which a day lies: by it a count is stored."""
    match grain:
        case Grain.QUARTER:
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case Grain.MONTH:
            return month_of(day)
        case Grain.DEKAD:
            return day.replace(day=min((day.day - 1) // 10, 2) * 10 + 1)
        case Grain.DAY:
            return day


def end_of(grain: Grain, day: date) -> date:
    """The last day of the same."""
    match grain:
        case Grain.QUARTER:
            return end_of(Grain.MONTH, _next_month(_next_month(start_of(grain, day))))
        case Grain.MONTH:
            return _next_month(day) - ONE_DAY
        case Grain.DEKAD:
            first = start_of(grain, day)
            return end_of(Grain.MONTH, day) if first.day == 21 else first + timedelta(days=9)
        case Grain.DAY:
            return day


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring counts of one grain, from the one that begins on `first` to the one that begins on `last`."""

    grain: Grain
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included. Empty when the last stands before the first."""

    first: date
    last: date

    @property
    def is_empty(self) -> bool:
        """Whether it holds no day."""
        return self.last < self.first

    def until(self, day: date) -> "Period":
        """The same, cut after a day."""
        return Period(self.first, min(self.last, day))

    def a_year_before(self) -> "Period":
        """The same days of the year before; what ends with a month ends with that month there too (29 February)."""
        last = _a_year_before(self.last)
        if (self.last + ONE_DAY).day == 1:
            last = month_of(_a_year_before(self.last + ONE_DAY)) - ONE_DAY
        return Period(_a_year_before(self.first), last)

    def pieces(self) -> Sequence[Piece]:
        """The fewest stored counts that add up to it, neighbours of one grain together."""
        return _cut(self.first, self.last)


@lru_cache(maxsize=128)
def _cut(first: date, last: date) -> Sequence[Piece]:
    pieces: list[Piece] = []
    day = first
    while day <= last:
        grain = next(one for one in LENGTHS if start_of(one, day) == day and end_of(one, day) <= last)
        begun = pieces.pop().first if pieces and pieces[-1].grain is grain else day
        pieces.append(Piece(grain, begun, day))
        day = end_of(grain, day) + ONE_DAY
    return pieces


def this_month(day: date) -> Period:
    """From the first of the month to the day."""
    return Period(month_of(day), day)


def _next_month(day: date) -> date:
    return month_of(month_of(day) + timedelta(days=31))


def _a_year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
