"""All clocks of an issue, from its history, the rules and the calendar: the same input gives the same deadlines, always."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import DAY, NOTHING, WorkingCalendar, local_date
from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.due import OF_THE_CALENDAR, due, due_at_date
from services.issues.domain.clocks.rules import RuleBook, Span
from services.issues.domain.clocks.timeline import Run, Timeline
from services.issues.domain.history import HistoryEntry
from services.issues.domain.words.clocks import ClockCode, Unit
from services.issues.domain.words.issues import Tier
from services.issues.domain.words.vocabulary import Words


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What clocks need of an issue beside its history."""

    category: str
    severity: Tier
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Almanac:
    """Rules and calendars of a community: what turns a history into deadlines."""

    rules: RuleBook
    calendars: Calendars

    def working_at(self, moment: datetime) -> WorkingCalendar:
        """The newest calendar, with the office hours that count for what starts at a moment."""
        return self.calendars.working(self.rules.in_force(moment).hours)

    def clocks(self, facts: ClockFacts, history: Iterable[HistoryEntry]) -> tuple[Clock, ...]:
        """Every clock that ever ran, in the order in which they started."""
        timeline = Timeline.of(facts.category, facts.severity, facts.registered_at, history)
        return tuple(self.clock(run, self._span(run, facts)) for run in timeline.runs)

    def clock(self, run: Run, span: Span | None) -> Clock:
        """One run of a clock with its end, by the rules and the calendar that count for it."""
        rules = self.rules.in_force(run.started_at)
        # A clock that has stopped keeps the calendar that held then: a later correction does not change the past.
        calendar = self.calendars.working(rules.hours, run.stopped_at)
        end = (
            due(calendar, span, run.started_at, run.pauses)
            if span
            else due_at_date(run.until or run.started_at, run.pauses)
        )
        of_calendar = span is not None and span.unit in OF_THE_CALENDAR
        years = range(local_date(run.started_at).year, local_date(end).year + 1) if of_calendar else range(0)
        return Clock(
            code=run.code,
            round=run.round,
            part=run.part,
            started_at=run.started_at,
            due_at=end,
            span=span,
            rule_version=rules.version,
            calendar=tuple((year, calendar.year(year).version) for year in years),
            provisional=any(not calendar.year(year).announced for year in years),
            pauses=tuple(run.pauses),
            stopped_at=run.stopped_at,
            stopped_by=run.stopped_by.value if run.stopped_by else None,
            void=run.void,
            days_off=tuple(_days_off(calendar, span, run, end)) if span and of_calendar else (),
        )

    def _span(self, run: Run, facts: ClockFacts) -> Span | None:
        if run.until is not None:
            return None
        span = self.rules.in_force(run.started_at).span(run.code, run.tier or facts.severity, run.category)
        return span.halved() if run.code is ClockCode.SOLVE and run.round > 1 else span


def _days_off(calendar: WorkingCalendar, span: Span, run: Run, end: datetime) -> list[tuple[date, Words]]:
    """The days that moved the end: all between where working time counts, those after the last day where days do."""
    start = run.started_at
    if span.unit is Unit.DAYS:
        stood = sum((pause.length for pause in run.pauses if pause.since < end), start=NOTHING)
        start += stood + span.amount * DAY
    return calendar.days_off(start, end)
