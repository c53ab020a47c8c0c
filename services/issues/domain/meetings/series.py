"""A series of meetings: the rule, and the meetings it has brought forth so far.

Meetings of a series are meetings like others. They know their series and their day in the rule, so that a rule that changes finds them
again; one that a person moved (`edited`) keeps its own time, one that was held or cancelled is never touched.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.issues.domain.calendar.working import WorkingCalendar, local_date
from services.issues.domain.errors.series import SeriesDatesWrong, SeriesOver
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.recurrence import Occurrence, Rule, moment, occurrences
from services.issues.domain.words.meetings import MeetingKind, MeetingState, OnHoliday

LONGEST_AHEAD = 26
"""Weeks for which meetings may exist before they are held."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the meetings of a series have in common."""

    kind: MeetingKind
    place: str
    rule: Rule
    start: time
    minutes: int
    on_holiday: OnHoliday
    weeks_ahead: int


@dataclass(slots=True, kw_only=True)
class Series:
    """A plan with its first and last day. `sequence` counts changes for calendars (RFC 5545)."""

    id: UUID
    plan: Plan
    first: date
    last: date | None
    created_by: UUID
    created_at: datetime
    changed_at: datetime
    followed_from: UUID | None = None
    sequence: int = 0
    version: int = 1

    @classmethod
    def begin(
        cls,
        *,
        series_id: UUID,
        plan: Plan,
        first: date,
        last: date | None,
        by: UUID,
        at: datetime,
        followed_from: UUID | None = None,
    ) -> "Series":
        """Begin with the first day of the rule on or after `first`."""
        if first < local_date(at):
            raise SeriesDatesWrong(fields={"first": ("不能早于今天", "must not be before today")})
        until = last or first + timedelta(days=370)
        start = next(plan.rule.days(first, first, until), None)
        if start is None:
            raise SeriesDatesWrong(fields={"last": ("期间内没有一次会议", "no meeting lies between the two days")})
        return cls(
            id=series_id,
            plan=plan,
            first=start,
            last=last,
            created_by=by,
            created_at=at,
            changed_at=at,
            followed_from=followed_from,
        )

    def is_over(self, at: datetime) -> bool:
        """Whether the last day is past."""
        return self.last is not None and self.last < local_date(at)

    def refuse_if_over(self, at: datetime) -> None:
        """A series that has ended is history."""
        if self.is_over(at):
            raise SeriesOver

    def between(self, since: date, last: date, calendar: WorkingCalendar) -> list[Occurrence]:
        """Its meetings with days of the rule between two days."""
        plan = self.plan
        last = min(last, self.last or last)
        return occurrences(
            plan.rule, plan.start, plan.on_holiday, calendar, first=self.first, since=max(since, self.first), last=last
        )

    def ahead(self, at: datetime, calendar: WorkingCalendar) -> list[Occurrence]:
        """The meetings that should exist by now, as far as they have not begun."""
        today = local_date(at)
        horizon = today + timedelta(weeks=self.plan.weeks_ahead)
        # A day of the rule just past may be held a few days from now, moved off a holiday.
        return [one for one in self.between(today - timedelta(days=15), horizon, calendar) if one.starts_at > at]

    def change(self, plan: Plan, at: datetime) -> None:
        """Another plan for the whole of it; possible as long as no meeting of it has begun."""
        self.first = first_day(plan, self.first, at)
        self.plan, self.changed_at, self.sequence = plan, at, self.sequence + 1

    def end(self, last: date, at: datetime) -> None:
        """Say which day is the last."""
        self.refuse_if_over(at)
        last = max(last, self.first - timedelta(days=1))
        self.last, self.changed_at, self.sequence = last, at, self.sequence + 1


def first_day(plan: Plan, since: date, at: datetime) -> date:
    """The first day of a changed plan: in the week (or month) in which the old one would have met, if that is still to come."""
    begin = max(plan.rule.begin_of_period(since), local_date(at))
    days = plan.rule.days(begin, begin, begin + timedelta(days=370))
    return next((day for day in days if moment(day, plan.start) > at), since)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be otherwise; None stays as it is."""

    place: str | None = None
    rule: Rule | None = None
    start: time | None = None
    minutes: int | None = None
    on_holiday: OnHoliday | None = None
    weeks_ahead: int | None = None

    def applied(self, plan: Plan) -> Plan:
        """The plan with these changes."""
        given = {name: value for name in self.__slots__ if (value := getattr(self, name)) is not None}
        return replace(plan, **given)


@dataclass(slots=True)
class Matched:
    """What a changed series means for the meetings that exist already."""

    moved: list[tuple[Meeting, Occurrence]]
    surplus: list[Meeting]


def match(rule: Rule, meetings: Iterable[Meeting], wanted: Iterable[Occurrence]) -> Matched:
    """Find for each meeting its day in the changed rule: the one of the same week (or month). Each day is given once."""
    free: dict[tuple[int, int], list[Occurrence]] = {}
    for occurrence in wanted:
        free.setdefault(rule.period(occurrence.day), []).append(occurrence)
    matched = Matched([], [])
    for meeting in sorted(meetings, key=lambda one: one.series_day or date.max):
        same = free.get(rule.period(meeting.series_day), []) if meeting.series_day else []
        exact = next((one for one in same if one.day == meeting.series_day), None)
        chosen = exact or (same[0] if same else None)
        if chosen is None:
            matched.surplus.append(meeting)
        else:
            same.remove(chosen)
            matched.moved.append((meeting, chosen))
    return matched


def has_begun(meeting: Meeting, at: datetime) -> bool:
    """Whether a meeting of a series is past changing by its series."""
    return meeting.starts_at <= at or meeting.state is MeetingState.CLOSED
