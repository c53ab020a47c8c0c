"""Routing rules in PostgreSQL, and what is needed to apply them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, insert, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.routing import RulesRefused
from services.issues.domain.place import Place
from services.issues.domain.routing import Matter, Rule, RuleSet, Spot, Suggestion, suggest
from services.issues.domain.words.issues import State
from services.issues.domain.words.vocabulary import Words
from services.issues.ports.routing import Waiting
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import buildings, categories, compounds, grids, organisations
from services.issues.storage.tables.routing import routing_rules, routing_sets
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork
from shared.errors import ConcurrentChange
from shared.expected_version import check_version

UNASSIGNED = (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA)
DEEPEST = 10
"""Parents of a category that are looked at."""
_KNOWN: Mapping[str, tuple[Any, tuple[str, str]]] = {
    "category": (categories.c.code, ("没有这个分类", "no such category")),
    "grid_id": (grids.c.id, ("没有这个网格", "no such grid")),
    "compound_id": (compounds.c.id, ("没有这个小区", "no such compound")),
    "organisation": (organisations.c.id, ("本社区没有这个单位", "no such organisation in this community")),
}
"""Field of a rule -> where its value must be found, and what is said when it is not."""


class PostgresRoutingStore:
    """Satisfies `ports.RoutingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def in_force(self, at: datetime) -> RuleSet | None:
        """The newest version whose date has come."""
        return await read_in_force(await self._uow.connection(), self._uow.community, at)

    async def newest_version(self, *, expected: int | None = None) -> int:
        """Number of the newest version."""
        statement = select(func.max(routing_sets.c.version)).where(routing_sets.c.community == self._uow.community)
        newest: int = (await self._uow.execute(statement)).scalar() or 0
        check_version(newest, expected)
        return newest

    async def add(self, rule_set: RuleSet) -> None:
        """Keep a new version for ever."""
        community = self._uow.community
        row = {
            "community": community,
            "id": rule_set.id,
            "version": rule_set.version,
            "effective_from": rule_set.effective_from,
            "basis": rule_set.basis,
            "published_by": rule_set.published_by,
            "published_at": rule_set.published_at,
            "rules": len(rule_set.rules),
        }
        try:
            await self._uow.execute(insert(routing_sets), row)
        except IntegrityError as error:
            if violated_constraint(error) == "routing_sets_pkey":
                raise ConcurrentChange from error
            raise
        if rule_set.rules:
            await self._uow.execute(
                insert(routing_rules),
                [{"community": community, "version": rule_set.version, **_rule_row(rule)} for rule in rule_set.rules],
            )

    async def check_known(self, rules: Sequence[Rule]) -> None:
        """Raise RulesRefused for what is not in this community."""
        wrong: dict[str, tuple[str, str]] = {}
        for field, (column, text) in _KNOWN.items():
            named = {value for rule in rules if (value := getattr(rule, field)) is not None}
            if named:
                statement = select(column).where(
                    column.table.c.community == self._uow.community, column.in_(sorted(named))
                )
                missing = named - set((await self._uow.execute(statement)).scalars())
                wrong |= {
                    f"rules[{index}].{field}": text
                    for index, rule in enumerate(rules)
                    if getattr(rule, field) in missing
                }
        if wrong:
            raise RulesRefused(fields=wrong)

    async def suggestion(self, category: str, place: Place, at: datetime) -> Suggestion:
        """Who would answer for such a matter."""
        return await read_suggestion(await self._uow.connection(), self._uow.community, category, place, at)

    async def waiting(self) -> Sequence[Waiting]:
        """The open issues that are not assigned."""
        statement = (
            select(
                issues.c.building_id,
                issues.c.category,
                issues.c.grid_id,
                issues.c.compound_id,
                func.count().label("number"),
            )
            .where(issues.c.community == self._uow.community, issues.c.state.in_([state.value for state in UNASSIGNED]))
            .group_by(issues.c.building_id, issues.c.category, issues.c.grid_id, issues.c.compound_id)
            .order_by(issues.c.category, issues.c.building_id)
        )
        return [
            Waiting(row.building_id, row.category, row.number, row.grid_id, row.compound_id)
            for row in await self._uow.execute(statement)
        ]

    async def spots(self, wanted: Collection[UUID]) -> dict[UUID, Spot]:
        """Grid and compound of buildings."""
        statement = select(buildings.c.id, buildings.c.grid_id, buildings.c.compound_id).where(
            buildings.c.community == self._uow.community, buildings.c.id.in_(list(wanted))
        )
        return {row.id: Spot(row.grid_id, row.compound_id) for row in await self._uow.execute(statement)}

    async def matters(self) -> dict[str, Matter]:
        """Every category with its parents."""
        return await read_matters(await self._uow.connection(), self._uow.community)

    async def usual(self) -> dict[str, tuple[UUID, ...]]:
        """The organisations of each kind."""
        found: dict[str, tuple[UUID, ...]] = {}
        statement = (
            select(organisations.c.kind, organisations.c.id)
            .where(organisations.c.community == self._uow.community)
            .order_by(organisations.c.id)
        )
        for row in await self._uow.execute(statement):
            found[row.kind] = (*found.get(row.kind, ()), row.id)
        return found


async def read_suggestion(
    connection: AsyncConnection, community: str, category: str, place: Place, at: datetime
) -> Suggestion:
    """Who would answer for a matter by the rules in force: four small reads, whatever the number of rules."""
    matter = (await read_matters(connection, community))[category]
    spot = Spot(place.grid_id, place.compound_id)
    if place.building_id is not None:
        statement = select(buildings.c.grid_id, buildings.c.compound_id).where(
            buildings.c.community == community, buildings.c.id == place.building_id
        )
        row = (await connection.execute(statement)).first()
        spot = Spot(*row) if row else spot
    about = or_(routing_rules.c.category.in_(matter.categories), routing_rules.c.category.is_(None))
    usual = select(organisations.c.id).where(
        organisations.c.community == community, organisations.c.kind == matter.responsible_kind
    )
    candidates = (await connection.execute(usual.order_by(organisations.c.id).limit(100))).scalars().all()
    return suggest(await read_in_force(connection, community, at, about), matter, spot, candidates)


async def read_in_force(
    connection: AsyncConnection, community: str, at: datetime, about: ColumnElement[bool] | None = None
) -> RuleSet | None:
    """The newest version whose date has come, with all of its rules or those that fulfil a condition."""
    statement = (
        select(routing_sets)
        .where(routing_sets.c.community == community, routing_sets.c.effective_from <= at)
        .order_by(routing_sets.c.version.desc())
        .limit(1)
    )
    return await _rule_set(connection, community, statement, about)


async def read_version(connection: AsyncConnection, community: str, version: int) -> RuleSet | None:
    """A version with its rules."""
    statement = select(routing_sets).where(routing_sets.c.community == community, routing_sets.c.version == version)
    return await _rule_set(connection, community, statement, None)


async def read_matters(connection: AsyncConnection, community: str) -> dict[str, Matter]:
    """Every category with its parents, nearest first."""
    statement = select(
        categories.c.code,
        categories.c.parent,
        categories.c.responsible_kind,
        categories.c.name_zh,
        categories.c.name_en,
    )
    rows = {row.code: row for row in await connection.execute(statement.where(categories.c.community == community))}

    def line(code: str) -> tuple[str, ...]:
        found: list[str] = []
        next_: str | None = code
        while next_ is not None and next_ in rows and next_ not in found and len(found) < DEEPEST:
            found.append(next_)
            next_ = rows[next_].parent
        return tuple(found)

    def matter(code: str, kind: str) -> Matter:
        above = line(code)
        return Matter(above, kind, {name: Words(rows[name].name_zh, rows[name].name_en) for name in above})

    return {code: matter(code, row.responsible_kind) for code, row in rows.items()}


async def _rule_set(
    connection: AsyncConnection, community: str, statement: Select[Any], about: ColumnElement[bool] | None
) -> RuleSet | None:
    row = (await connection.execute(statement)).first()
    if row is None:
        return None
    rules = select(routing_rules).where(routing_rules.c.community == community, routing_rules.c.version == row.version)
    if about is not None:
        rules = rules.where(about)
    found = await connection.execute(rules.order_by(routing_rules.c.position))
    return RuleSet(
        id=row.id,
        version=row.version,
        effective_from=row.effective_from,
        basis=row.basis,
        published_by=row.published_by,
        published_at=row.published_at,
        rules=tuple(Rule(r.position, r.organisation, r.category, r.grid_id, r.compound_id) for r in found),
    )


def _rule_row(rule: Rule) -> dict[str, Any]:
    return {
        "position": rule.position,
        "organisation": rule.organisation,
        "category": rule.category,
        "grid_id": rule.grid_id,
        "compound_id": rule.compound_id,
    }
