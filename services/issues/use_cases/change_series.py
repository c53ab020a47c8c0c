"""Change a series: this and the following meetings, or all that have not begun.

What was held keeps the rule under which it was held: where meetings lie behind, the series ends before the change and another one
follows it. Meetings that exist already go over to it, each to the day of its week, with agenda and guests; none is left behind.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.issues.domain.calendar.working import local_date
from services.issues.domain.errors.series import SeriesDatesWrong
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.series import LONGEST_AHEAD, Changes, Series, first_day, has_begun, match
from services.issues.domain.words.meetings import MeetingState, Scope
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.look_ahead import look_ahead
from services.issues.use_cases.move_meeting import call_off, move_meeting
from shared.contracts.issues import MeetingSeriesChanged
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction

REASON = "系列会议调整"


@dataclass(frozen=True, slots=True)
class ChangeSeries:
    """What changes, from which day of the rule on (`following`), or for all that have not begun."""

    series_id: UUID
    scope: Scope
    since: date | None
    changes: Changes
    by: Principal
    expected_version: int | None = None


@one_transaction
async def change_series(command: ChangeSeries, uow: IssuesUnitOfWork) -> Series:
    """Answers the series that holds from now on: the same one, or the one that follows it."""
    series = await uow.series.get(command.series_id, expected_version=command.expected_version)
    now = uow.now()
    series.refuse_if_over(now)
    plan = command.changes.applied(series.plan)
    meetings = await uow.meetings.of_series(series.id)
    since = _since(command, series, meetings, uow)
    concerned = [one for one in meetings if one.series_day and one.series_day >= since and not has_begun(one, now)]
    if since <= series.first:
        series.change(plan, now)
        await uow.series.save(series)
        held = series
    else:
        last = series.last
        held = Series.begin(
            series_id=new_id(),
            plan=plan,
            first=first_day(plan, since, now),
            last=last,
            by=command.by.person,
            at=now,
            followed_from=series.id,
        )
        series.end(since - timedelta(days=1), now)
        await uow.series.save(series)
        await uow.series.add(held)
    await _take_over(held, concerned, by=command.by, uow=uow)
    await look_ahead(held, by=command.by, uow=uow)
    if held.id != series.id:
        await look_ahead(series, by=command.by, uow=uow)
    await uow.publish(MeetingSeriesChanged(series_id=held.id, kind=plan.kind, first=held.first, replaces=series.id))
    return held


def _since(command: ChangeSeries, series: Series, meetings: tuple[Meeting, ...], uow: IssuesUnitOfWork) -> date:
    """The day of the rule from which the change holds. Nothing that has begun is changed."""
    now = uow.now()
    begun = [one.series_day for one in meetings if one.series_day is not None and has_begun(one, now)]
    earliest = max(begun) + timedelta(days=1) if begun else series.first
    if command.scope is Scope.ALL:
        return earliest
    if command.since is None or command.since < earliest or (series.last and command.since > series.last):
        raise SeriesDatesWrong(
            fields={"since": ("须是尚未召开的一次", "must be the day of a meeting that has not begun")}
        )
    return command.since


async def _take_over(series: Series, meetings: list[Meeting], *, by: Principal, uow: IssuesUnitOfWork) -> None:
    """Give each meeting its day in the changed rule. What has no day any more is called off, with its agenda carried on."""
    calendar = await uow.series.calendar()
    today = local_date(uow.now())
    wanted = series.between(today - timedelta(days=15), today + timedelta(weeks=LONGEST_AHEAD + 1), calendar)
    matched = match(series.plan.rule, meetings, [one for one in wanted if one.starts_at > uow.now()])
    for meeting, occurrence in matched.moved:
        meeting.series_id, meeting.series_day = series.id, occurrence.day
        if meeting.edited or meeting.state is not MeetingState.CONVENED:
            await uow.meetings.save(meeting)
            continue
        await move_meeting(
            meeting,
            starts_at=occurrence.starts_at,
            place=series.plan.place,
            minutes=series.plan.minutes,
            reason=REASON,
            by=by,
            uow=uow,
            edited=False,
        )
    for meeting in matched.surplus:
        if meeting.edited or meeting.state is not MeetingState.CONVENED:
            meeting.series_id = meeting.series_day = None  # arranged by hand: it stands on its own from now on
            await uow.meetings.save(meeting)
        else:
            await call_off(meeting, REASON, by=by, uow=uow)
