"""Meetings as iCalendar (RFC 5545): the series with its rule, single meetings that differ from it, and one meeting alone.

Identities are stable and `SEQUENCE` grows with every change, so that a calendar program moves what it knows instead of doubling it.
No names and no agenda: a calendar is synchronised to telephones and servers that nobody here knows.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vRecur

from services.issues.domain.calendar.working import WorkingCalendar, local_date
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.recurrence import Occurrence, moment
from services.issues.domain.meetings.series import Series
from services.issues.domain.words.meetings import MeetingState
from services.issues.domain.words.vocabulary import words
from shared.clock import CHINA

PRODUCT = "-//Mulin//Meetings//ZH"
MEDIA_TYPE = "text/calendar; charset=utf-8"
ZONE = "Asia/Shanghai"
YEAR = timedelta(days=366)
"""How far ahead days that holidays move are told, beyond the meetings that exist."""


def calendar_of_series(
    series: Series, meetings: Iterable[Meeting], working: WorkingCalendar, now: datetime, *, name: str
) -> bytes:
    """A series: the rule, and an exception for every meeting that is not held when the rule says."""
    calendar = _calendar(name)
    _add_series(calendar, series, meetings, working, now)
    return bytes(calendar.to_ical())


def calendar_of_meetings(meetings: Iterable[Meeting], now: datetime, *, name: str) -> bytes:
    """Meetings one by one."""
    calendar = _calendar(name)
    for meeting in meetings:
        calendar.add_component(_alone(meeting, now))
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1991, 9, 15, 1))  # noqa: DTZ001 - local by definition; no summer time since then
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    calendar.add_component(zone)
    return calendar


def _add_series(
    calendar: Calendar, series: Series, meetings: Iterable[Meeting], working: WorkingCalendar, now: datetime
) -> None:
    plan, start = series.plan, series.plan.start
    known = {one.series_day: one for one in meetings if one.series_day is not None}
    until = series.last or max(local_date(now), series.first) + YEAR
    foreseen = {one.day: one for one in series.between(series.first, until, working)}
    event = Event()
    event.add("uid", uid_of(series))
    event.add("summary", words(plan.kind).zh)
    event.add("location", plan.place)
    _times(event, moment(series.first, start), plan.minutes)
    rule = vRecur.from_ical(plan.rule.text)
    if series.last is not None:
        rule["UNTIL"] = [moment(series.last, time(23, 59, 59))]
    event.add("rrule", rule)
    _stamp(event, series.changed_at, series.sequence)
    exceptions: list[Event] = []
    left_out: list[datetime] = []
    for day in plan.rule.days(series.first, series.first, until):
        meeting, occurrence, regular = known.get(day), foreseen.get(day), moment(day, start)
        if meeting is not None:
            if not _is_regular(meeting, series, regular):
                exceptions.append(_exception(series, day, meeting))
        elif occurrence is None:
            left_out.append(regular.astimezone(CHINA))
        elif occurrence.moved:
            exceptions.append(_exception(series, day, occurrence))
    if left_out:
        event.add("exdate", left_out)
    calendar.add_component(event)
    for exception in exceptions:
        calendar.add_component(exception)


def _is_regular(meeting: Meeting, series: Series, regular: datetime) -> bool:
    plan = series.plan
    return meeting.state is not MeetingState.CANCELLED and (meeting.starts_at, meeting.place, meeting.minutes) == (
        regular,
        plan.place,
        plan.minutes,
    )


def _exception(series: Series, day: date, held: Meeting | Occurrence) -> Event:
    """One meeting of a series that differs from its rule; one that does not exist yet is moved by a holiday alone."""
    event, plan = Event(), series.plan
    event.add("uid", uid_of(series))
    event.add("recurrence-id", moment(day, plan.start).astimezone(CHINA))
    event.add("summary", words(plan.kind).zh)
    if isinstance(held, Meeting):
        event.add("location", held.place)
        event.add("status", "CANCELLED" if held.state is MeetingState.CANCELLED else "CONFIRMED")
        _times(event, held.starts_at, held.minutes)
        _stamp(event, series.changed_at, series.sequence + held.sequence)
    else:
        event.add("location", plan.place)
        _times(event, held.starts_at, plan.minutes)
        _stamp(event, series.changed_at, series.sequence)
    return event


def _alone(meeting: Meeting, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@mulin")
    event.add("summary", words(meeting.kind).zh)
    event.add("location", meeting.place)
    event.add("status", "CANCELLED" if meeting.state is MeetingState.CANCELLED else "CONFIRMED")
    _times(event, meeting.starts_at, meeting.minutes)
    _stamp(event, now, meeting.sequence)
    return event


def _times(event: Event, starts_at: datetime, minutes: int) -> None:
    local = starts_at.astimezone(CHINA)
    event.add("dtstart", local)
    event.add("dtend", local + timedelta(minutes=minutes))


def _stamp(event: Event, at: datetime, sequence: int) -> None:
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", sequence)


def uid_of(series: Series) -> str:
    """The identity of a series in calendar programs."""
    return f"meeting-series-{series.id}@mulin"
