"""Blow a whistle: call named units to the place of an issue."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.arrival_timers import await_arrival
from services.issues.domain.whistle import Whistle
from services.issues.domain.whistle_clock import arrival_due
from services.issues.domain.words.whistles import WhistleLevel
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.whistle_facts import blown
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class BlowWhistle:
    """For which issue, whom, how urgently, why and where."""

    issue_id: UUID
    units: tuple[UUID, ...]
    level: WhistleLevel
    why: str
    place: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def blow_whistle(command: BlowWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Call the units; each gets its own arrival clock and its own message."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    await uow.directory.check_units(command.units)
    working = (await uow.clock_rules.almanac()).working_at(now)
    issue.whistle(level=command.level, why=command.why, units=len(command.units), by=by, at=now)
    whistle = Whistle.blow(
        issue=issue,
        level=command.level,
        why=command.why,
        place=command.place,
        units=command.units,
        due_at=arrival_due(command.level, now, working),
        by=by,
        at=now,
    )
    await uow.issues.save(issue)
    await uow.whistles.add(whistle)
    for unit in whistle.units:
        await uow.publish(blown(whistle, unit))
        await await_arrival(whistle, unit, uow)
    return whistle
