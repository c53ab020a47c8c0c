"""Miss an arrival: the time of a called unit is up and nobody of it is there, so the subdistrict is told."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import await_arrival
from services.issues.domain.platform import PLATFORM
from services.issues.domain.whistle import Whistle
from services.issues.domain.words.issues import BroughtUp
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.bring_before_subdistrict import BringBeforeSubdistrict, bring_up
from services.issues.whistle_facts import missed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class MissArrival:
    """Of which unit."""

    whistle_id: UUID
    organisation: UUID


@one_transaction
async def miss_arrival(command: MissArrival, uow: IssuesUnitOfWork) -> Whistle:
    """Note the miss once, and bring the issue before the subdistrict if it is open and not there yet.

    Nothing happens if the unit came, was released, or the miss is noted already. A calendar that was published since moves the
    moment: then the timer is set to the new one.
    """
    whistle = await uow.whistles.get(command.whistle_id, seen_by=None)
    moved = whistle.follow_calendar((await uow.clock_rules.almanac()).working_at(whistle.blown_at))
    unit = whistle.miss(command.organisation, by=PLATFORM, at=uow.now())
    if unit is not None:
        await uow.whistles.save(whistle)
        await uow.publish(missed(whistle, unit))
        await bring_up(BringBeforeSubdistrict(whistle.issue_id, BroughtUp.WHISTLE_MISSED), uow)
        return whistle
    if moved:
        await uow.whistles.save(whistle)
    # A clock that was set back must not lose a miss: the timer that rang is gone, so it is set again.
    early = whistle.awaited_until(command.organisation, uow.now())
    if early is not None:
        await await_arrival(whistle, early, uow)
    return whistle
