"""Propose a version of a year of the working calendar. It counts once another person has approved it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from services.issues.domain.clocks.versions import CalendarVersion
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeCalendar:
    """All days off of the year with their names, the weekend days that are worked, and where that is written."""

    year: int
    holidays: Mapping[date, str]
    make_up_days: frozenset[date]
    note: str
    by: Principal


@one_transaction
async def propose_calendar(command: ProposeCalendar, uow: IssuesUnitOfWork) -> CalendarVersion:
    """Keep the version as a proposal."""
    proposed = CalendarVersion(
        id=new_id(),
        year=command.year,
        holidays=command.holidays,
        make_up_days=command.make_up_days,
        note=command.note,
        proposed_by=command.by.person,
        proposed_at=uow.now(),
    )
    proposed.check()
    return await uow.clock_rules.propose_calendar(proposed)
