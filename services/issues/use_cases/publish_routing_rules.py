"""Publish routing rules: a new version from a date on; the versions before it stay readable. A dry run tells what would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.routing import Rule, RuleSet, Spot, Suggestion, checked_rules, suggest
from services.issues.ports.routing import Waiting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import RoutingRulesPublished
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PublishRoutingRules:
    """The rules, from when they hold (None: at once), and the decision that they rest on."""

    rules: tuple[Rule, ...]
    basis: str
    by: Principal
    effective_from: datetime | None = None
    dry_run: bool = False
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Open issues of one category in one building that would be suggested to another organisation than now."""

    waiting: Waiting
    before: Suggestion
    after: Suggestion


@dataclass(frozen=True, slots=True)
class Publication:
    """The new version, and what changes for the open issues that nobody answers for yet."""

    rule_set: RuleSet
    changes: tuple[Change, ...]
    unchanged: int
    dry_run: bool


@one_transaction
async def publish_routing_rules(command: PublishRoutingRules, uow: IssuesUnitOfWork) -> Publication:
    """Check the rules, compare them with those in force, and keep them unless it is a dry run."""
    now = uow.now()
    effective_from = command.effective_from or now
    if effective_from < now:
        raise DateNotInFuture(fields={"effective_from": ("不能早于现在", "must not lie in the past")})
    newest = await uow.routing.newest_version(expected=command.expected_version)
    rules = checked_rules(command.rules)
    await uow.routing.check_known(rules)
    rule_set = RuleSet(new_id(), newest + 1, effective_from, command.basis, command.by.person, now, rules)
    changes, unchanged = await _compared(await uow.routing.in_force(now), rule_set, uow)
    if not command.dry_run:
        await uow.routing.add(rule_set)
        await uow.publish(
            RoutingRulesPublished(
                rules_id=rule_set.id,
                version=rule_set.version,
                rules=len(rules),
                effective_from=effective_from,
                published_by=command.by.person,
            )
        )
    return Publication(rule_set, changes, unchanged, command.dry_run)


async def _compared(old: RuleSet | None, new: RuleSet, uow: IssuesUnitOfWork) -> tuple[tuple[Change, ...], int]:
    waiting = await uow.routing.waiting()
    matters, usual = await uow.routing.matters(), await uow.routing.usual()
    spots: Mapping[UUID, Spot] = await uow.routing.spots({w.building_id for w in waiting if w.building_id})
    changes: list[Change] = []
    unchanged = 0
    for one in waiting:
        matter = matters[one.category]
        named = Spot(one.grid_id, one.compound_id)
        spot = spots.get(one.building_id, named) if one.building_id else named
        candidates = usual.get(matter.responsible_kind, ())
        before, after = suggest(old, matter, spot, candidates), suggest(new, matter, spot, candidates)
        if before.organisation == after.organisation:
            unchanged += one.number
        else:
            changes.append(Change(one, before, after))
    return tuple(changes), unchanged
