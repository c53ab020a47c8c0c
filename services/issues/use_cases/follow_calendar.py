"""Compute running clocks anew after a calendar was published: some issues at a time, the rest in the next transaction."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import ARRIVAL
from services.issues.domain.words.timers import FOLLOW_CALENDAR, LOOK
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction

BITE = 500


@dataclass(frozen=True, slots=True)
class FollowCalendar:
    """Which published calendar, and the last issue that was seen to."""

    calendar_id: UUID
    after: UUID | None = None


@one_transaction
async def follow_calendar(command: FollowCalendar, uow: IssuesUnitOfWork) -> None:
    """Have each of the next issues looked at now: a look computes its deadlines by the newest calendar. First of all the awaited arrivals."""
    if command.after is None:
        for whistle_id, organisation in await uow.whistles.awaited_by_calendar():
            await uow.timers.set(ARRIVAL, whistle_id, uow.now(), key=str(organisation))
    found = await uow.clocks.running_after(command.after, BITE)
    for issue_id in found:
        await uow.timers.set(LOOK, issue_id, uow.now())
    if len(found) == BITE:
        await uow.timers.set(FOLLOW_CALENDAR, command.calendar_id, uow.now(), key=str(found[-1]))
