"""The working calendar: make-up days, years that are not announced, and what a further holiday does to a deadline."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.shipped import shipped_year
from services.issues.domain.calendar.working import OFFICE_HOURS, WorkingCalendar, local_date
from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.clocks.clock import Pause
from services.issues.domain.clocks.due import due
from services.issues.domain.clocks.rules import Span
from services.issues.domain.words.clocks import PauseReason, Unit
from services.issues.domain.words.vocabulary import Words
from shared.clock import CHINA

CALENDAR = WorkingCalendar(shipped_year)
FESTIVAL = Words("临时放假", "an extra day off")


def at(text: str) -> datetime:
    """A local moment, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def with_holidays(days: Iterable[date]) -> WorkingCalendar:
    extra = set(days)

    def year(number: int) -> CalendarYear:
        known = shipped_year(number)
        more = {day: FESTIVAL for day in extra if day.year == number}
        return CalendarYear(
            number, 1, {**known.holidays, **more}, known.make_up_days - set(more), known.announced, known.source
        )

    return WorkingCalendar(year)


def test_a_weekend_day_that_makes_up_for_a_holiday_is_worked() -> None:
    assert CALENDAR.is_working(date(2026, 2, 14)), "a Saturday before the Spring Festival of 2026"
    assert not CALENDAR.is_working(date(2026, 2, 20)), "the Friday that it pays for"
    assert CALENDAR.why_off(date(2026, 10, 1)) == Words("国庆节", "National Day")
    assert CALENDAR.why_off(date(2026, 11, 28)) == Words("周末", "weekend")


def test_a_make_up_day_in_december_belongs_to_the_year_in_which_it_lies() -> None:
    assert date(2011, 12, 31) in shipped_year(2011).make_up_days
    assert date(2011, 12, 31) not in shipped_year(2012).make_up_days
    assert all(day.year == 2026 for day in shipped_year(2026).make_up_days | set(shipped_year(2026).holidays))


def test_a_year_that_was_not_announced_is_answered_and_marked() -> None:
    assert shipped_year(2026).announced
    far = shipped_year(2035)
    assert not far.announced
    assert date(2035, 10, 1) in far.holidays
    assert far.make_up_days == frozenset()


def test_two_working_hours_do_not_run_at_noon_at_night_or_on_holidays() -> None:
    assert CALENDAR.after_minutes(at("2026-11-25 11:00"), 120) == at("2026-11-25 15:00")
    assert CALENDAR.after_minutes(at("2026-11-25 17:00"), 120) == at("2026-11-26 10:00")
    assert CALENDAR.after_minutes(at("2026-11-27 20:00"), 120) == at("2026-11-30 10:30")
    assert CALENDAR.after_minutes(at("2026-09-30 17:00"), 120) == at("2026-10-08 10:00"), "after the national holiday"


def test_two_working_hours_run_on_a_make_up_saturday() -> None:
    assert CALENDAR.after_minutes(at("2026-02-13 17:00"), 120) == at("2026-02-14 10:00")


def test_the_day_of_the_start_is_not_counted_and_the_last_day_ends_with_office_hours() -> None:
    assert CALENDAR.after_working_days(at("2026-11-25 09:00"), 1) == at("2026-11-26 17:30")
    assert CALENDAR.after_working_days(at("2026-11-27 09:00"), 1) == at("2026-11-30 17:30")
    assert CALENDAR.after_days(at("2026-11-25 09:00"), 7) == at("2026-12-02 17:30")
    assert CALENDAR.after_days(at("2026-11-21 09:00"), 7) == at("2026-11-30 17:30"), "a Saturday moves to Monday"


def test_offices_open_again_after_noon_night_and_weekend() -> None:
    for moment, opens in (
        ("2026-11-25 09:15", "2026-11-25 09:15"),
        ("2026-11-25 12:30", "2026-11-25 14:00"),
        ("2026-11-25 17:30", "2026-11-25 17:30"),
        ("2026-11-25 17:31", "2026-11-26 08:30"),
        ("2026-11-28 10:00", "2026-11-30 08:30"),
    ):
        assert CALENDAR.opening(at(moment)) == at(opens)


def test_a_correction_holds_from_its_publication_on() -> None:
    friday = date(2026, 11, 27)
    corrected = CalendarYear(
        2026, 1, {friday: FESTIVAL}, frozenset(), announced=True, source=FESTIVAL, published_at=at("2026-11-26 08:00")
    )
    calendars = Calendars((corrected,))
    assert not calendars.working(OFFICE_HOURS).is_working(friday)
    assert not calendars.working(OFFICE_HOURS, at("2026-11-26 09:00")).is_working(friday)
    assert calendars.working(OFFICE_HOURS, at("2026-11-25 09:00")).is_working(friday)


MOMENTS = st.integers(0, 364 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes))
SPANS = st.builds(
    Span, st.sampled_from([Unit.DAYS, Unit.WORKING_MINUTES, Unit.WORKING_DAYS, Unit.HOURS]), st.integers(1, 40)
) | st.builds(Span, st.just(Unit.WORKING_MINUTES), st.integers(1, 5_000))
DAYS = st.integers(0, 60)


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> list[Pause]:
    pauses, moment = [], start
    for _ in range(draw(st.integers(0, 3))):
        since = moment + timedelta(minutes=draw(st.integers(0, 10_000)))
        moment = since + timedelta(minutes=draw(st.integers(0, 20_000)))
        pauses.append(Pause(since, moment, PauseReason.QUESTION))
    return pauses


@given(st.data(), MOMENTS, SPANS, st.sets(DAYS, max_size=12))
def test_a_further_holiday_never_brings_a_deadline_forward(
    data: st.DataObject, start: datetime, span: Span, extra: set[int]
) -> None:
    pauses = data.draw(pauses_after(start))
    holidays = with_holidays(local_date(start) + timedelta(days=number) for number in extra)
    before, after = due(CALENDAR, span, start, pauses), due(holidays, span, start, pauses)
    assert after >= before
    assert holidays.opening(after) >= CALENDAR.opening(before)


@given(st.data(), MOMENTS, SPANS)
def test_a_pause_never_brings_a_deadline_forward_and_a_deadline_lies_after_its_start(
    data: st.DataObject, start: datetime, span: Span
) -> None:
    pauses = data.draw(pauses_after(start))
    ends = [due(CALENDAR, span, start, pauses[:number]) for number in range(len(pauses) + 1)]
    assert ends == sorted(ends)
    assert start < ends[0]


@given(MOMENTS, st.integers(1, 5_000), st.data())
def test_working_minutes_are_exactly_those_in_which_the_clock_runs(
    start: datetime, amount: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_after(start))
    end = due(CALENDAR, Span(Unit.WORKING_MINUTES, amount), start, pauses)
    worked = CALENDAR.minutes_between(start, end) - sum(
        (CALENDAR.minutes_between(p.since, min(p.until or end, end)) for p in pauses if p.since < end), timedelta()
    )
    assert worked == timedelta(minutes=amount)
