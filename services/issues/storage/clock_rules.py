"""Versions of rules and calendar in PostgreSQL, and what is computed with them."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import RowMapping, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import Hours
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.reckoning import Almanac
from services.issues.domain.clocks.rules import ClockRule, RuleBook, Span
from services.issues.domain.clocks.versions import CalendarVersion, RuleVersion, Version
from services.issues.domain.errors.clocks import CalendarVersionNotFound, RuleVersionNotFound, VersionDecided
from services.issues.domain.words.clocks import ClockCode, Publication, Unit
from services.issues.domain.words.issues import Tier
from services.issues.storage.tables.clocks import calendar_versions, clock_rules
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork

KEPT_FOR = timedelta(minutes=1)
"""A process may report with rules that are so old. Every later look at the issue uses those of its moment."""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 7205320011))"


class KnownAlmanac:
    """The almanac of one community that this process read last."""

    def __init__(self) -> None:
        self._known: tuple[datetime, Almanac] | None = None

    async def at(self, now: datetime, database: Database, community: str) -> Almanac:
        """What was published by now, give or take a minute. Does not begin a transaction of the caller."""
        if self._known is None or not timedelta() <= now - self._known[0] < KEPT_FOR:
            async with database.reading(community) as connection:
                self._known = now, await read_almanac(connection, community)
        return self._known[1]


async def read_almanac(connection: AsyncConnection | UnitOfWork, community: str) -> Almanac:
    """All published versions of a community."""
    found: list[list[RowMapping]] = []
    for table in (clock_rules, calendar_versions):
        published = select(table).where(table.c.community == community, table.c.state == Publication.PUBLISHED.value)
        found.append(list((await connection.execute(published)).mappings()))
    rules = (DEFAULT_RULES, *(rule_version_of(row).as_rules() for row in found[0]))
    return Almanac(RuleBook(rules), Calendars(tuple(calendar_version_of(row).as_year() for row in found[1])))


class PostgresClockRules:
    """Satisfies `ports.ClockRuleStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def almanac(self) -> Almanac:
        """All that was published."""
        return await read_almanac(self._uow, self._uow.community)

    async def propose_rules(self, proposed: RuleVersion) -> RuleVersion:
        """Keep a version with the next free number."""
        return replace(proposed, version=await self._next(clock_rules, rule_row(proposed)))

    async def rules(self, version: int) -> RuleVersion:
        """A version that was proposed."""
        row = await self._one(clock_rules, {"version": version})
        if row is None:
            raise RuleVersionNotFound
        return rule_version_of(row)

    async def decide_rules(self, decided: RuleVersion) -> None:
        """Keep the decision."""
        await self._decide(clock_rules, {"version": decided.version}, decided)

    async def propose_calendar(self, proposed: CalendarVersion) -> CalendarVersion:
        """Keep a version with the next free number of its year."""
        return replace(proposed, version=await self._next(calendar_versions, calendar_row(proposed)))

    async def calendar(self, year: int, version: int) -> CalendarVersion:
        """A version that was proposed."""
        row = await self._one(calendar_versions, {"year": year, "version": version})
        if row is None:
            raise CalendarVersionNotFound
        return calendar_version_of(row)

    async def decide_calendar(self, decided: CalendarVersion) -> None:
        """Keep the decision."""
        await self._decide(calendar_versions, {"year": decided.year, "version": decided.version}, decided)

    async def _next(self, table: Table, row: dict[str, Any]) -> int:
        await self._uow.fetch_row(LOCK, f"{self._uow.community} {table.name}")
        newest = select(func.coalesce(func.max(table.c.version), 0)).where(table.c.community == self._uow.community)
        if "year" in row:
            newest = newest.where(table.c.year == row["year"])
        version: int = (await self._uow.execute(newest)).scalar_one() + 1
        await self._uow.execute(insert(table), {**row, "community": self._uow.community, "version": version})
        return version

    async def _one(self, table: Table, key: dict[str, int]) -> RowMapping | None:
        statement = select(table).where(
            table.c.community == self._uow.community, *(table.c[name] == value for name, value in key.items())
        )
        return (await self._uow.execute(statement)).mappings().first()

    async def _decide(self, table: Table, key: dict[str, int], decided: Version) -> None:
        statement = (
            update(table)
            .where(
                table.c.community == self._uow.community,
                table.c.state == Publication.PROPOSED.value,
                *(table.c[name] == value for name, value in key.items()),
            )
            .values(state=decided.state.value, decided_by=decided.decided_by, decided_at=decided.decided_at)
        )
        if (await self._uow.execute(statement)).rowcount == 0:
            raise VersionDecided


def rule_row(proposed: RuleVersion) -> dict[str, Any]:
    """The columns of a version of the rules."""
    return {
        "rules": [
            {
                "code": rule.code.value,
                "unit": rule.span.unit.value,
                "amount": rule.span.amount,
                "tier": rule.tier.value if rule.tier else None,
                "category": rule.category,
            }
            for rule in proposed.rules
        ],
        "hours": [[begin.isoformat(), end.isoformat()] for begin, end in proposed.hours.sessions],
        "effective_from": proposed.effective_from,
        **_decision(proposed),
    }


def rule_version_of(row: RowMapping) -> RuleVersion:
    """A version of the rules, from its row."""
    return RuleVersion(
        version=row["version"],
        rules=tuple(
            ClockRule(
                ClockCode(rule["code"]),
                Span(Unit(rule["unit"]), rule["amount"]),
                Tier(rule["tier"]) if rule["tier"] else None,
                rule["category"],
            )
            for rule in row["rules"]
        ),
        hours=Hours(tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in row["hours"])),
        effective_from=row["effective_from"],
        **_decided(row),
    )


def calendar_row(proposed: CalendarVersion) -> dict[str, Any]:
    """The columns of a version of the calendar."""
    return {
        "year": proposed.year,
        "holidays": {day.isoformat(): name for day, name in sorted(proposed.holidays.items())},
        "make_up_days": sorted(day.isoformat() for day in proposed.make_up_days),
        **_decision(proposed),
    }


def calendar_version_of(row: RowMapping) -> CalendarVersion:
    """A version of the calendar, from its row."""
    return CalendarVersion(
        year=row["year"],
        version=row["version"],
        holidays={date.fromisoformat(day): name for day, name in sorted(row["holidays"].items())},
        make_up_days=frozenset(date.fromisoformat(day) for day in row["make_up_days"]),
        **_decided(row),
    )


def _decision(version: Version) -> dict[str, Any]:
    return {
        "id": version.id,
        "note": version.note,
        "state": version.state.value,
        "proposed_by": version.proposed_by,
        "proposed_at": version.proposed_at,
        "decided_by": version.decided_by,
        "decided_at": version.decided_at,
    }


def _decided(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "note": row["note"],
        "state": Publication(row["state"]),
        "proposed_by": row["proposed_by"],
        "proposed_at": row["proposed_at"],
        "decided_by": row["decided_by"],
        "decided_at": row["decided_at"],
    }
