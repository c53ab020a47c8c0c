"""Brings the meetings of a series into line with its rule: missing ones are convened, others follow a holiday that was announced."""

from datetime import timedelta

from services.issues.domain.calendar.working import local_date
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.recurrence import Occurrence
from services.issues.domain.meetings.roster import invited_by
from services.issues.domain.meetings.series import Series, has_begun
from services.issues.domain.words.meetings import MeetingState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.move_meeting import call_off, move_meeting, people_of
from shared.contracts.issues import MeetingConvened
from shared.ids import new_id
from shared.principal import Principal

AHEAD = "meeting-series-ahead"
"""Kind of the timer that brings forth the next meetings."""
MOVED = "随节假日安排调整"


async def look_ahead(series: Series, *, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Convene what is missing within the weeks ahead, and look again in a week. Closed, begun and edited meetings stay."""
    now = uow.now()
    plan = series.plan
    wanted = {one.day: one for one in series.ahead(now, await uow.series.calendar())}
    existing = {one.series_day: one for one in await uow.meetings.of_series(series.id)}
    for day, occurrence in wanted.items():
        if day not in existing:
            await _convene(series, occurrence, by, uow)
    horizon = local_date(now) + timedelta(weeks=plan.weeks_ahead)
    for series_day, meeting in existing.items():
        if series_day is None or series_day > horizon or meeting.edited or not _is_open(meeting, uow):
            continue
        if series_day not in wanted:
            await call_off(meeting, MOVED, by=by, uow=uow)
        elif meeting.starts_at != wanted[series_day].starts_at:
            await move_meeting(
                meeting,
                starts_at=wanted[series_day].starts_at,
                place=meeting.place,
                minutes=meeting.minutes,
                reason=MOVED,
                by=by,
                uow=uow,
                edited=False,
            )
    if series.last is None or series.last > horizon:
        await uow.timers.set(AHEAD, series.id, now + timedelta(days=7))
    else:
        await uow.timers.cancel(AHEAD, series.id)


def _is_open(meeting: Meeting, uow: IssuesUnitOfWork) -> bool:
    return meeting.state is MeetingState.CONVENED and not has_begun(meeting, uow.now())


async def _convene(series: Series, occurrence: Occurrence, by: Principal, uow: IssuesUnitOfWork) -> None:
    plan, day = series.plan, local_date(occurrence.starts_at)
    meeting = Meeting.convene(
        meeting_id=new_id(),
        kind=plan.kind,
        starts_at=occurrence.starts_at,
        place=plan.place,
        participants=invited_by(await uow.roster.on(plan.kind, day), day),
        by=by,
        at=uow.now(),
        minutes=plan.minutes,
    )
    meeting.series_id, meeting.series_day = series.id, occurrence.day
    await uow.meetings.add(meeting)
    await uow.publish(
        MeetingConvened(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            participant_ids=people_of(meeting),
            series_id=series.id,
        )
    )
