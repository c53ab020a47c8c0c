"""Bring forth the next meetings of a series: done by the clock, once a week, and after a new calendar was published."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meetings.series import Series
from services.issues.domain.platform import PLATFORM
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.look_ahead import look_ahead
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BringForthMeetings:
    """Of which series."""

    series_id: UUID


@one_transaction
async def bring_forth_meetings(command: BringForthMeetings, uow: IssuesUnitOfWork) -> Series:
    """Bring the meetings into line with the rule."""
    series = await uow.series.get(command.series_id)
    if not series.is_over(uow.now()):
        await look_ahead(series, by=PLATFORM, uow=uow)
    return series
