"""Periods: days of China, first and last included. Any of them is whole months and, at its edges, single days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring counts of one grain: `first` to `last` as they are stored (a month by its first day)."""

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

    def pieces(self) -> Iterator[Piece]:
        """The fewest stored counts that add up to it: days, whole months, days."""
        if self.is_empty:
            return
        month = self.first if self.first.day == 1 else _next_month(self.first)
        after = month_of(self.last + ONE_DAY)
        if month >= after:
            yield Piece(Grain.DAY, self.first, self.last)
            return
        if self.first < month:
            yield Piece(Grain.DAY, self.first, month - ONE_DAY)
        yield Piece(Grain.MONTH, month, month_of(after - ONE_DAY))
        if after <= self.last:
            yield Piece(Grain.DAY, after, self.last)


def this_month(day: date) -> Period:
    """From the first of the month to the day."""
    return Period(month_of(day), day)


def _next_month(day: date) -> date:
    return month_of(month_of(day) + timedelta(days=31))


def _a_year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
