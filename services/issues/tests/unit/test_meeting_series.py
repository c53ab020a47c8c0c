"""Meetings that come again every Wednesday, off holidays, whatever is changed (practice 19)."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.issues.documents.calendar import calendar_of_series
from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.shipped import shipped_year
from services.issues.domain.calendar.working import OFFICE_HOURS
from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.errors.series import ItemsHaveNowhereToGo, SeriesDatesWrong, SeriesOver
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.recurrence import Rule, occurrences
from services.issues.domain.meetings.series import Changes, Plan, Series
from services.issues.domain.words.issues import State
from services.issues.domain.words.meetings import MeetingKind, MeetingState, OnHoliday, Scope, Seat
from services.issues.domain.words.vocabulary import Words
from services.issues.tests.builders import CHAIR, NOW, OFFICER, SECRETARY, an_issue
from services.issues.tests.calendar_reader import read, starts
from services.issues.tests.memory.unit_of_work import MemoryUnitOfWork
from services.issues.use_cases.appoint_to_roster import AppointToRoster, appoint_to_roster
from services.issues.use_cases.begin_series import BeginSeries, begin_series
from services.issues.use_cases.bring_forth_meetings import BringForthMeetings, bring_forth_meetings
from services.issues.use_cases.cancel_meeting import CancelMeeting, cancel_meeting
from services.issues.use_cases.change_series import ChangeSeries, change_series
from services.issues.use_cases.close_meeting import CloseMeeting, close_meeting
from services.issues.use_cases.end_series import EndSeries, end_series
from services.issues.use_cases.look_ahead import AHEAD
from services.issues.use_cases.place_on_agenda import PlaceOnAgenda, place_on_agenda
from services.issues.use_cases.reschedule_meeting import RescheduleMeeting, reschedule_meeting
from shared.clock import CHINA
from shared.contracts.issues import MeetingCancelled, MeetingConvened, MeetingRescheduled

SHIPPED = Calendars().working(OFFICE_HOURS)
WEDNESDAYS = Plan(MeetingKind.WEDNESDAY, "社区会议室", Rule(), time(19), 90, OnHoliday.LATER, weeks_ahead=4)


@pytest.fixture
def uow() -> MemoryUnitOfWork:
    return MemoryUnitOfWork()


async def begun(uow: MemoryUnitOfWork, plan: Plan = WEDNESDAYS, first: date = date(2026, 11, 26)) -> Series:
    return await begin_series(BeginSeries(plan, first, None, CHAIR), uow)


async def meetings_of(uow: MemoryUnitOfWork, series: Series) -> list[Meeting]:
    return list(await uow.meetings.of_series(series.id))


def local(meeting: Meeting) -> str:
    return meeting.starts_at.astimezone(CHINA).strftime("%m-%d %H:%M")


async def on_agenda(uow: MemoryUnitOfWork, meeting: Meeting) -> UUID:
    issue = an_issue(State.ACCEPTED)
    await uow.issues.add(issue)
    await place_on_agenda(PlaceOnAgenda(issue.id, meeting.id, OFFICER), uow)
    return issue.id


def held(rule: Rule, on_holiday: OnHoliday, since: date, last: date) -> dict[str, str]:
    found = occurrences(rule, time(19), on_holiday, SHIPPED, first=since, since=since, last=last)
    return {f"{one.day:%m-%d}": f"{one.starts_at.astimezone(CHINA):%m-%d %H:%M}" for one in found}


def test_national_day_2025_moves_one_wednesday_and_swallows_none_twice() -> None:
    # 1 and 8 October 2025 were both holidays (1 to 8), 28 September and 11 October were worked instead.
    autumn = (date(2025, 9, 24), date(2025, 10, 15))
    assert held(Rule(), OnHoliday.LATER, *autumn) == {
        "09-24": "09-24 19:00",
        "10-01": "10-09 19:00",
        "10-15": "10-15 19:00",
    }
    assert held(Rule(), OnHoliday.EARLIER, *autumn)["10-01"] == "09-30 19:00"
    assert list(held(Rule(), OnHoliday.SKIP, *autumn)) == ["09-24", "10-15"]
    assert held(Rule(), OnHoliday.KEEP, *autumn)["10-01"] == "10-01 19:00"


def test_a_make_up_day_is_a_day_to_meet_on() -> None:
    # Friday 3 October 2025 is off; the working day after it is Thursday the 9th, the one before Tuesday 30 September.
    fridays = held(Rule(weekday=5), OnHoliday.LATER, date(2025, 9, 26), date(2025, 10, 11))
    assert fridays == {"09-26": "09-26 19:00", "10-03": "10-09 19:00", "10-10": "10-10 19:00"}
    # Saturday meetings are meant for Saturdays; only a public holiday moves them, here to the make-up Saturday itself.
    saturdays = held(Rule(weekday=6), OnHoliday.LATER, date(2025, 9, 27), date(2025, 10, 11))
    assert saturdays == {"09-27": "09-27 19:00", "10-04": "10-09 19:00", "10-11": "10-11 19:00"}


def test_new_year_moves_a_thursday_across_the_year() -> None:
    # 1 January 2026 is a Thursday; 1 to 3 January are off, Sunday the 4th is worked instead.
    thursdays = held(Rule(weekday=4), OnHoliday.LATER, date(2025, 12, 25), date(2026, 1, 8))
    assert thursdays == {"12-25": "12-25 19:00", "01-01": "01-04 19:00", "01-08": "01-08 19:00"}
    assert held(Rule(weekday=4), OnHoliday.EARLIER, date(2025, 12, 25), date(2026, 1, 8))["01-01"] == "12-31 19:00"


def test_a_joint_meeting_comes_on_a_wednesday_of_the_month() -> None:
    second = held(Rule(of_month=2), OnHoliday.KEEP, date(2026, 12, 1), date(2027, 2, 28))
    assert list(second) == ["12-09", "01-13", "02-10"]
    assert list(held(Rule(of_month=-1), OnHoliday.KEEP, date(2026, 12, 1), date(2027, 1, 31))) == ["12-30", "01-27"]


@given(
    first=st.dates(date(2020, 1, 1), date(2026, 6, 1)),
    weekday=st.integers(1, 7),
    on_holiday=st.sampled_from([OnHoliday.LATER, OnHoliday.EARLIER, OnHoliday.SKIP]),
)
def test_no_meeting_of_a_series_falls_on_a_holiday_or_on_another(
    first: date, weekday: int, on_holiday: OnHoliday
) -> None:
    last = first + timedelta(days=250)
    found = occurrences(Rule(weekday), time(9), on_holiday, SHIPPED, first=first, since=first, last=last)
    days = [one.starts_at.astimezone(CHINA).date() for one in found]
    assert len(set(days)) == len(days)
    assert not [day for day in days if day in SHIPPED.year(day.year).holidays]
    # Whether a window begins earlier or later, a day means the same meeting.
    later = first + timedelta(days=100)
    tail = occurrences(Rule(weekday), time(9), on_holiday, SHIPPED, first=first, since=later, last=last)
    assert tail == [one for one in found if one.day >= later]


async def test_a_series_convenes_its_meetings_some_weeks_ahead_and_no_second_time(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    assert [local(one) for one in await meetings_of(uow, series)] == [
        "12-02 19:00",
        "12-09 19:00",
        "12-16 19:00",
        "12-23 19:00",
    ]
    assert sum(isinstance(message, MeetingConvened) for message in uow.published) == 4
    await bring_forth_meetings(BringForthMeetings(series.id), uow)
    assert len(await meetings_of(uow, series)) == 4
    assert uow.timers.set_to[AHEAD, series.id, ""] == NOW + timedelta(days=7)
    uow.clock.advance(timedelta(days=7))
    await bring_forth_meetings(BringForthMeetings(series.id), uow)
    assert local((await meetings_of(uow, series))[-1]) == "12-30 19:00"


async def test_a_calendar_that_is_published_later_moves_what_nobody_moved(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    first, second, *_ = await meetings_of(uow, series)
    await reschedule_meeting(
        RescheduleMeeting(first.id, first.starts_at + timedelta(hours=1), None, None, "主持人出差", CHAIR), uow
    )
    issue = await on_agenda(uow, second)
    year = shipped_year(2026)
    feast = {day: Words("临时假日", "an extra holiday") for day in (date(2026, 12, 2), date(2026, 12, 9))}
    uow.series.calendars = Calendars(
        (
            CalendarYear(
                year=2026,
                version=1,
                holidays={**year.holidays, **feast},
                make_up_days=year.make_up_days,
                announced=True,
                source=year.source,
            ),
        )
    )
    uow.published.clear()
    await bring_forth_meetings(BringForthMeetings(series.id), uow)
    assert [local(one) for one in await meetings_of(uow, series)][:2] == ["12-02 20:00", "12-10 19:00"]
    assert [type(message).__name__ for message in uow.published] == ["IssuePlacedOnAgenda", "MeetingRescheduled"]
    assert uow.issues.kept[issue].discussed_at == datetime(2026, 12, 10, 11, tzinfo=UTC)


async def test_only_this_meeting_moves_and_its_series_leaves_it_alone(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    first, *rest = await meetings_of(uow, series)
    command = RescheduleMeeting(first.id, first.starts_at + timedelta(days=1), "小区凉亭", None, "停电", CHAIR)
    moved = await reschedule_meeting(command, uow)
    assert (moved.edited, moved.sequence, moved.series_day) == (True, 1, date(2026, 12, 2))
    assert isinstance(uow.published[-1], MeetingRescheduled)
    await bring_forth_meetings(BringForthMeetings(series.id), uow)
    assert [local(one) for one in await meetings_of(uow, series)] == ["12-03 19:00", *map(local, rest)]


async def test_this_and_the_following_go_over_to_a_series_of_their_own(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    _, second, third, fourth = await meetings_of(uow, series)
    issue = await on_agenda(uow, third)
    await reschedule_meeting(
        RescheduleMeeting(fourth.id, fourth.starts_at + timedelta(hours=2), None, None, "晚一点", CHAIR), uow
    )
    changes = Changes(rule=Rule(weekday=4), start=time(18, 30))
    after = await change_series(ChangeSeries(series.id, Scope.FOLLOWING, second.series_day, changes, CHAIR), uow)
    assert after.id != series.id
    assert after.followed_from == series.id
    assert [local(one) for one in await meetings_of(uow, series)] == ["12-02 19:00"]
    assert [local(one) for one in await meetings_of(uow, after)] == ["12-10 18:30", "12-17 18:30", "12-23 21:00"]
    assert {one.id for one in await meetings_of(uow, after)} == {second.id, third.id, fourth.id}
    kept = uow.issues.kept[issue]
    assert (kept.meeting_id, kept.discussed_at) == (third.id, datetime(2026, 12, 17, 10, 30, tzinfo=UTC))
    assert uow.series.kept[series.id].last == date(2026, 12, 8)
    with pytest.raises(SeriesDatesWrong):
        await change_series(ChangeSeries(series.id, Scope.FOLLOWING, second.series_day, changes, CHAIR), uow)


async def test_all_changes_what_has_not_begun_and_leaves_what_was_held(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    first, *_ = await meetings_of(uow, series)
    uow.clock.at = first.starts_at + timedelta(hours=2)
    await close_meeting(CloseMeeting(first.id, CHAIR), uow)
    before = uow.meetings.kept[first.id]
    after = await change_series(ChangeSeries(series.id, Scope.ALL, None, Changes(place="党群服务中心"), CHAIR), uow)
    assert uow.meetings.kept[first.id] == before
    assert [(one.place, one.state) for one in await meetings_of(uow, after)] == [
        ("党群服务中心", MeetingState.CONVENED)
    ] * 4
    assert [one.id for one in await meetings_of(uow, series)] == [first.id]


async def test_all_changes_in_place_before_anything_was_held(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    after = await change_series(
        ChangeSeries(series.id, Scope.ALL, None, Changes(rule=Rule(weekday=2), weeks_ahead=2), CHAIR), uow
    )
    assert (after.id, after.sequence) == (series.id, 1)
    assert [local(one) for one in await meetings_of(uow, after)] == [
        "12-01 19:00",
        "12-08 19:00",
        "12-15 19:00",
        "12-22 19:00",
    ]


async def test_a_rarer_rule_calls_off_the_rest_and_carries_their_agendas(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    meetings = await meetings_of(uow, series)
    issue = await on_agenda(uow, meetings[0])
    await change_series(ChangeSeries(series.id, Scope.ALL, None, Changes(rule=Rule(every=2)), CHAIR), uow)
    states = {local(one): one.state for one in uow.meetings.kept.values() if one.state is MeetingState.CONVENED}
    assert list(states) == ["12-02 19:00", "12-16 19:00"]
    assert uow.issues.kept[issue].meeting_id == meetings[0].id
    with pytest.raises(AssertionError, match="no orphan"):
        _no_orphans(uow, UUID(int=0))
    _no_orphans(uow, series.id)


def _no_orphans(uow: MemoryUnitOfWork, *series: UUID) -> None:
    """Every meeting that will take place belongs to a series in force, to one of its days, or to none."""
    for meeting in uow.meetings.kept.values():
        if meeting.state is MeetingState.CONVENED and meeting.series_id is not None:
            assert meeting.series_id in series, "no orphan"


async def test_a_cancelled_meeting_hands_its_agenda_to_the_next(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    first, second, *_ = await meetings_of(uow, series)
    issue = await on_agenda(uow, first)
    cancelled = await cancel_meeting(CancelMeeting(first.id, "台风", CHAIR), uow)
    assert (cancelled.state, uow.issues.kept[issue].meeting_id) == (MeetingState.CANCELLED, second.id)
    assert isinstance(uow.published[-1], MeetingCancelled)
    await bring_forth_meetings(BringForthMeetings(series.id), uow)
    assert sum(one.state is MeetingState.CONVENED for one in await meetings_of(uow, series)) == 3


async def test_a_series_ends_and_leaves_nothing_hanging(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    meetings = await meetings_of(uow, series)
    issue = await on_agenda(uow, meetings[2])
    ended = await end_series(EndSeries(series.id, date(2026, 12, 9), "换届", CHAIR), uow)
    assert ended.last == date(2026, 12, 9)
    assert [one.state for one in await meetings_of(uow, series)] == [
        MeetingState.CONVENED,
        MeetingState.CONVENED,
        MeetingState.CANCELLED,
        MeetingState.CANCELLED,
    ]
    assert uow.issues.kept[issue].meeting_id == meetings[0].id
    assert (AHEAD, series.id, "") not in uow.timers.set_to
    with pytest.raises(ItemsHaveNowhereToGo):
        await end_series(EndSeries(series.id, date(2026, 11, 30), "换届", CHAIR), uow)
    uow.clock.advance(timedelta(days=30))
    with pytest.raises(SeriesOver):
        await end_series(EndSeries(series.id, date(2027, 1, 1), "换届", CHAIR), uow)


async def test_a_series_invites_its_roster(uow: MemoryUnitOfWork) -> None:
    seat = AppointToRoster(
        MeetingKind.WEDNESDAY, Seat.PARTY_MEMBER, SECRETARY.person, date(2026, 12, 10), None, OFFICER
    )
    await appoint_to_roster(seat, uow)
    series = await begun(uow)
    invited = [one.participants for one in await meetings_of(uow, series)]
    assert invited == [(), (), *[(Participant(SECRETARY.person, Seat.PARTY_MEMBER),)] * 2]


async def test_calendar_programs_see_what_is_held(uow: MemoryUnitOfWork) -> None:
    series = await begun(uow)
    _, second, third, _ = await meetings_of(uow, series)
    await reschedule_meeting(
        RescheduleMeeting(second.id, second.starts_at + timedelta(days=1), "凉亭", None, "停电", CHAIR), uow
    )
    await cancel_meeting(CancelMeeting(third.id, "台风", CHAIR), uow)
    meetings = await meetings_of(uow, series)
    text = calendar_of_series(series, meetings, SHIPPED, NOW, name="翡翠城社区，相约星期三")
    calendar = read(text)
    until = datetime(2027, 4, 1, tzinfo=UTC)
    expected = [one.starts_at for one in meetings if one.state is MeetingState.CONVENED]
    later = series.between(date(2026, 12, 24), date(2027, 3, 31), SHIPPED)
    assert starts(calendar, until) == expected + [one.starts_at for one in later]
    assert any(one.moved for one in later), "the spring festival moves at least one"
    assert calendar.value("X-WR-CALNAME") == "翡翠城社区，相约星期三"
    assert calendar_of_series(series, meetings, SHIPPED, NOW, name="翡翠城社区，相约星期三") == text


@given(
    weekday=st.integers(1, 7),
    on_holiday=st.sampled_from(list(OnHoliday)),
    first=st.dates(date(2026, 11, 25), date(2028, 1, 1)),
)
def test_a_calendar_program_reads_the_same_days_that_we_hold(weekday: int, on_holiday: OnHoliday, first: date) -> None:
    plan = Plan(MeetingKind.WEDNESDAY, "会议室", Rule(weekday), time(19), 60, on_holiday, 4)
    series = Series.begin(series_id=UUID(int=7), plan=plan, first=first, last=None, by=UUID(int=1), at=NOW)
    last = first + timedelta(days=300)
    read_back = starts(
        read(calendar_of_series(series, (), SHIPPED, NOW, name="x")), datetime.combine(last, time(), UTC)
    )
    ours = [
        one.starts_at for one in series.between(first, last, SHIPPED) if one.starts_at.date() <= last - timedelta(20)
    ]
    assert [one for one in read_back if one.date() <= last - timedelta(20)] == sorted(ours)
