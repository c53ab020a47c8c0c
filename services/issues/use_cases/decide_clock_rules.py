"""Approve or refuse a version of the rules of clocks: the second person's word."""

from dataclasses import dataclass

from services.issues.domain.clocks.versions import RuleVersion
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import ClockRulesPublished
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DecideClockRules:
    """Which version, and whether it is good."""

    version: int
    agree: bool
    by: Principal


@one_transaction
async def decide_clock_rules(command: DecideClockRules, uow: IssuesUnitOfWork) -> RuleVersion:
    """Publish the version or drop it. Clocks that run are not touched."""
    proposed = await uow.clock_rules.rules(command.version)
    decided = proposed.decide(agree=command.agree, by=command.by, at=uow.now())
    await uow.clock_rules.decide_rules(decided)
    effective_from = decided.as_rules().effective_from
    if command.agree and effective_from is not None:
        await uow.publish(
            ClockRulesPublished(
                rules_id=decided.id,
                version=decided.version,
                effective_from=effective_from,
                approved_by=command.by.person,
            )
        )
    return decided
