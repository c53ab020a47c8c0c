"""Begin a series of meetings (相约星期三制度): a rule in local time that brings forth meetings by itself (practice 19)."""

from dataclasses import dataclass
from datetime import date

from services.issues.domain.meetings.series import Plan, Series
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.look_ahead import look_ahead
from shared.contracts.issues import MeetingSeriesBegun
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BeginSeries:
    """The plan, and its first and last day."""

    plan: Plan
    first: date
    last: date | None
    by: Principal


@one_transaction
async def begin_series(command: BeginSeries, uow: IssuesUnitOfWork) -> Series:
    """Keep the rule and convene the meetings of the weeks ahead."""
    series = Series.begin(
        series_id=new_id(),
        plan=command.plan,
        first=command.first,
        last=command.last,
        by=command.by.person,
        at=uow.now(),
    )
    await uow.series.add(series)
    await look_ahead(series, by=command.by, uow=uow)
    await uow.publish(MeetingSeriesBegun(series_id=series.id, kind=series.plan.kind, first=series.first))
    return series
