"""Approve or refuse a version of the working calendar: the second person's word. Clocks that run then follow it."""

from dataclasses import dataclass

from services.issues.domain.clocks.versions import CalendarVersion
from services.issues.domain.words.timers import FOLLOW_CALENDAR
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import CalendarPublished
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DecideCalendar:
    """Which version of which year, and whether it is good."""

    year: int
    version: int
    agree: bool
    by: Principal


@one_transaction
async def decide_calendar(command: DecideCalendar, uow: IssuesUnitOfWork) -> CalendarVersion:
    """Publish the version or drop it. The clocks of thousands of issues are computed anew in bites, by timer."""
    proposed = await uow.clock_rules.calendar(command.year, command.version)
    decided = proposed.decide(agree=command.agree, by=command.by, at=uow.now())
    await uow.clock_rules.decide_calendar(decided)
    if command.agree:
        await uow.timers.set(FOLLOW_CALENDAR, decided.id, uow.now())
        await uow.publish(
            CalendarPublished(
                calendar_id=decided.id, year=decided.year, version=decided.version, approved_by=command.by.person
            )
        )
    return decided
