"""End a series: meetings after its last day do not take place, and their agendas go to the next meeting of the kind."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.issues.domain.meetings.series import Series, has_begun
from services.issues.domain.words.meetings import MeetingState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.carry_agenda import carry_agenda
from services.issues.use_cases.look_ahead import look_ahead
from services.issues.use_cases.move_meeting import call_off
from shared.contracts.issues import MeetingSeriesEnded
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class EndSeries:
    """The last day, and why."""

    series_id: UUID
    last: date
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def end_series(command: EndSeries, uow: IssuesUnitOfWork) -> Series:
    """Nothing of it is left hanging: refused when an agenda has nowhere to go."""
    by, now = command.by, uow.now()
    series = await uow.series.get(command.series_id, expected_version=command.expected_version)
    series.end(command.last, now)
    await uow.series.save(series)
    falling = [
        one
        for one in await uow.meetings.of_series(series.id)
        if one.series_day is not None
        and one.series_day > command.last
        and one.state is MeetingState.CONVENED
        and not has_begun(one, now)
    ]
    ids = frozenset(one.id for one in falling)
    for meeting in falling:
        await carry_agenda(meeting, command.reason, by=by, uow=uow, not_to=ids)
        await call_off(meeting, command.reason, by=by, uow=uow)
    await look_ahead(series, by=by, uow=uow)
    await uow.publish(MeetingSeriesEnded(series_id=series.id, kind=series.plan.kind, last=command.last))
    return series
