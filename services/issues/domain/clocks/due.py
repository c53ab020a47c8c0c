"""When a clock ends: a span from a start, without the times in which it stood still."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.issues.domain.calendar.working import MINUTE, WorkingCalendar
from services.issues.domain.clocks.clock import Pause
from services.issues.domain.clocks.rules import Span
from services.issues.domain.words.clocks import Unit

OF_THE_CALENDAR = frozenset({Unit.DAYS, Unit.WORKING_MINUTES, Unit.WORKING_DAYS})
"""Units whose end depends on which days are worked."""


def due(calendar: WorkingCalendar, span: Span, start: datetime, pauses: Sequence[Pause] = ()) -> datetime:
    """The end. A pause counts when it begins before the end that the earlier ones leave."""
    stood = timedelta()
    end = _end(calendar, span, start, stood)
    for pause in pauses:
        if pause.since >= end or pause.until is None:
            continue
        if span.unit is Unit.WORKING_MINUTES:
            stood += calendar.minutes_between(pause.since, pause.until)
        else:
            stood += pause.length
        end = _end(calendar, span, start, stood)
    return end


def due_at_date(end: datetime, pauses: Sequence[Pause] = ()) -> datetime:
    """The end where somebody set it: later by what it stood still."""
    for pause in pauses:
        if pause.since < end:
            end += pause.length
    return end


def _end(calendar: WorkingCalendar, span: Span, start: datetime, stood: timedelta) -> datetime:
    match span.unit:
        case Unit.MINUTES:
            return start + span.amount * MINUTE + stood
        case Unit.HOURS:
            return start + timedelta(hours=span.amount) + stood
        case Unit.WORKING_MINUTES:
            return calendar.after_minutes(start, span.amount, stood)
        case Unit.WORKING_DAYS:
            return calendar.after_working_days(start + stood, span.amount)
        case Unit.DAYS:
            return calendar.after_days(start + stood, span.amount)
