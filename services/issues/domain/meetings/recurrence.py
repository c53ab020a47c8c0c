"""When a meeting comes again (相约每周星期三见面): a rule in local time, moved off holidays.

The rule is kept as RFC 5545 writes it and read by dateutil; days are days of the community, times its wall clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from services.issues.domain.calendar.working import WorkingCalendar
from services.issues.domain.words.meetings import OnHoliday
from shared.clock import CHINA

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEDNESDAY = 3
FURTHEST = timedelta(days=15)
"""A day that is further away than this is another meeting, not a moved one. The longest holidays last nine days."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Every n-th week on a weekday (1 is Monday), or on the n-th such weekday of a month (-1: the last)."""

    weekday: int = WEDNESDAY
    every: int = 1
    of_month: int | None = None

    @property
    def text(self) -> str:
        """The recurrence rule of RFC 5545."""
        day = WEEKDAYS[self.weekday - 1]
        if self.of_month is None:
            return f"FREQ=WEEKLY;INTERVAL={self.every};BYDAY={day}"
        return f"FREQ=MONTHLY;INTERVAL={self.every};BYDAY={self.of_month}{day}"

    @classmethod
    def read(cls, text: str) -> "Rule":
        """The rule behind a text that `text` wrote."""
        parts = dict(part.split("=") for part in text.split(";"))
        day = parts["BYDAY"]
        monthly = parts["FREQ"] == "MONTHLY"
        return cls(WEEKDAYS.index(day[-2:]) + 1, int(parts["INTERVAL"]), int(day[:-2]) if monthly else None)

    def days(self, first: date, since: date, last: date) -> Iterator[date]:
        """The days of the rule from `since` to `last`, counted from `first`."""
        rule = rrulestr(self.text, dtstart=datetime.combine(first, time()))
        for moment in rule.between(datetime.combine(since, time()), datetime.combine(last, time()), inc=True):
            yield moment.date()

    def period(self, day: date) -> tuple[int, int]:
        """The week or month that a day stands for: a changed rule finds its meetings again by it."""
        return day.isocalendar()[:2] if self.of_month is None else (day.year, day.month)

    def begin_of_period(self, day: date) -> date:
        """The Monday of its week, or the first of its month."""
        return day - timedelta(days=day.weekday()) if self.of_month is None else day.replace(day=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A day of the rule, and when the meeting is held; both are the same unless the day is a holiday."""

    day: date
    starts_at: datetime

    @property
    def moved(self) -> bool:
        """Whether it is held on another day than the rule says."""
        return self.starts_at.astimezone(CHINA).date() != self.day


def occurrences(
    rule: Rule, start: time, on_holiday: OnHoliday, calendar: WorkingCalendar, *, first: date, since: date, last: date
) -> list[Occurrence]:
    """The meetings of a rule between two days. Two that holidays push onto one day are one: the other falls out."""
    days = list(rule.days(first, max(first, since - FURTHEST), last + FURTHEST))
    regular = {day for day in days if not _is_holiday(calendar, day)}
    taken: set[date] = set()
    found = []
    for day in days:
        held = day if day in regular or on_holiday is OnHoliday.KEEP else _moved(day, on_holiday, calendar)
        if held is None or held in taken or (held != day and held in regular):
            continue
        taken.add(held)
        if since <= day <= last:
            found.append(Occurrence(day, moment(held, start)))
    return found


def moment(day: date, start: time) -> datetime:
    """A wall-clock time of the community in UTC."""
    return datetime.combine(day, start, CHINA).astimezone(UTC)


def _is_holiday(calendar: WorkingCalendar, day: date) -> bool:
    """A day of public holidays. An ordinary weekend is none: a meeting that is meant for Saturdays is not moved because it is
    Saturday; the Saturday in the middle of the National Day holidays is one."""
    if calendar.is_working(day):
        return False
    return any(one in calendar.year(one.year).holidays for one in _days_off_around(calendar, day))


def _days_off_around(calendar: WorkingCalendar, day: date) -> Iterator[date]:
    """The unbroken row of days off to which a day belongs."""
    yield day
    for step in (timedelta(days=-1), timedelta(days=1)):
        near = day + step
        while not calendar.is_working(near):
            yield near
            near += step


def _moved(day: date, on_holiday: OnHoliday, calendar: WorkingCalendar) -> date | None:
    """The nearest working day before or after, make-up days included; None when the meeting falls out."""
    if on_holiday is OnHoliday.SKIP:
        return None
    step = timedelta(days=1 if on_holiday is OnHoliday.LATER else -1)
    held = day + step
    while not calendar.is_working(held):
        held += step
    return held if abs(held - day) <= FURTHEST else None
