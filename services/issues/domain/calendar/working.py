"""The working calendar: when offices are open, and what time limits mean on it. Local time is Asia/Shanghai; moments are UTC.

Every function that finds a due moment is monotonic: a further holiday moves its result later or leaves it, never earlier.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.words.vocabulary import Words
from shared.clock import CHINA

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Hours:
    """When offices are open on a working day: sessions in order, local time."""

    sessions: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))

    @property
    def closing(self) -> time:
        """When the day ends."""
        return self.sessions[-1][1]


OFFICE_HOURS = Hours()
"""As shipped: 8:30 to 12:00 and 14:00 to 17:30."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The years that are in force at some moment, with office hours."""

    year: Callable[[int], CalendarYear]
    hours: Hours = OFFICE_HOURS

    def is_working(self, day: date) -> bool:
        """Whether offices work that day."""
        return self.year(day.year).is_working(day)

    def why_off(self, day: date) -> Words | None:
        """Why nobody works that day; None when they do."""
        return self.year(day.year).why_off(day)

    def working_day(self, day: date) -> date:
        """The day itself, or the next one on which offices work."""
        while not self.is_working(day):
            day += DAY
        return day

    def closing(self, day: date) -> datetime:
        """The end of office hours of a day."""
        return _moment(day, self.hours.closing)

    def opening(self, moment: datetime) -> datetime:
        """The moment itself if offices are open then (the minute of closing included), or when they open next."""
        return next(max(moment, start) for start, end in self._sessions(moment) if moment <= end)

    def after_minutes(self, start: datetime, minutes: int, more: timedelta = NOTHING) -> datetime:
        """The moment at which so many working minutes have passed, and more working time on top."""
        left = minutes * MINUTE + more
        for opens, closes in self._sessions(start):
            begin = max(start, opens)
            if closes - begin >= left:
                return begin + left
            left -= max(closes - begin, NOTHING)
        raise AssertionError("unreachable: there is always another session")

    def after_working_days(self, start: datetime, days: int) -> datetime:
        """The end of office hours of the n-th working day. The day of the start is not counted (民法典 201)."""
        day = local_date(start)
        for _ in range(days):
            day = self.working_day(day + DAY)
        return self.closing(day)

    def after_days(self, start: datetime, days: int) -> datetime:
        """The end of office hours of the n-th day, or of the next working day if that is off (民法典 201, 203)."""
        return self.closing(self.working_day(local_date(start) + days * DAY))

    def minutes_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments."""
        total = NOTHING
        for opens, closes in self._sessions(start):
            if opens >= end:
                return total
            total += max(min(closes, end) - max(opens, start), NOTHING)
        raise AssertionError("unreachable: there is always another session")

    def days_off(self, start: datetime, end: datetime) -> list[tuple[date, Words]]:
        """The days between two moments on which nobody works, each with the reason."""
        found, day, last = [], local_date(start), local_date(end)
        while day <= last:
            why = self.why_off(day)
            if why is not None:
                found.append((day, why))
            day += DAY
        return found

    def _sessions(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Office hours from the day of a moment on, without end."""
        day = local_date(since)
        while True:
            if self.is_working(day):
                for begin, end in self.hours.sessions:
                    yield _moment(day, begin), _moment(day, end)
            day += DAY


def local_date(moment: datetime) -> date:
    """The day on which a moment falls for the people of the community."""
    return moment.astimezone(CHINA).date()


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA).astimezone(UTC)
