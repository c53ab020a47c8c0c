"""Propose a version of the rules of clocks. It counts once another person has approved it."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.domain.calendar.working import Hours
from services.issues.domain.clocks.rules import ClockRule
from services.issues.domain.clocks.versions import RuleVersion
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeClockRules:
    """All rules of the version, office hours, and from when they should count."""

    rules: tuple[ClockRule, ...]
    hours: Hours
    effective_from: datetime
    note: str
    by: Principal


@one_transaction
async def propose_clock_rules(command: ProposeClockRules, uow: IssuesUnitOfWork) -> RuleVersion:
    """Keep the version as a proposal."""
    for category in sorted({rule.category for rule in command.rules if rule.category}):
        await uow.directory.category(category)
    proposed = RuleVersion(
        id=new_id(),
        rules=command.rules,
        hours=command.hours,
        effective_from=command.effective_from,
        note=command.note,
        proposed_by=command.by.person,
        proposed_at=uow.now(),
    )
    proposed.check()
    return await uow.clock_rules.propose_rules(proposed)
