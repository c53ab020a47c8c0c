"""Reading clocks, and the versions of rules and calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.clocks.clock import Clock
from services.issues.domain.clocks.default_rules import DEFAULT_RULES
from services.issues.domain.clocks.reckoning import Almanac
from services.issues.domain.clocks.timeline import Run
from services.issues.domain.clocks.upkeep import watch_of
from services.issues.domain.errors.clocks import RuleVersionNotFound
from services.issues.domain.history import HistoryEntry
from services.issues.domain.whistle import READERS
from services.issues.domain.whistle_clock import SPANS
from services.issues.domain.whistle_steps import answers_for
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.whistles import WhistleLevel, WhistleVerb
from services.issues.queries.issues import history_of, issue_seen_by
from services.issues.schemas.clocks import CalendarVersionView, CalendarYearView, ClockRulesView, ClocksView
from services.issues.storage.clock_rules import calendar_version_of, read_almanac, rule_version_of
from services.issues.storage.clocks import read_stored, told_of
from services.issues.storage.tables.clocks import calendar_versions, clock_rules
from services.issues.storage.tables.whistles import whistle_units, whistles
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

MOST_WHISTLES = 20
"""Beyond that, the list of whistles tells more."""
NEWEST_RULES = Keyset((clock_rules.c.version,), descending=True)
NEWEST_CALENDAR = Keyset((calendar_versions.c.version,), descending=True)


async def clocks_seen_by(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, at: datetime
) -> ClocksView:
    """The clocks of an issue, computed from its history. Raises IssueNotFound for a person who may not see it."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    history = await history_of(connection, community, issue_id)
    told = told_of(await read_stored(connection, community, issue_id))
    almanac = await read_almanac(connection, community)
    # Those who read the whistles see T6 of every called unit; a unit sees its own, the reporter none.
    called = [
        row
        for row in await called_for(connection, community, issue_id)
        if by.roles & READERS or answers_for(row["organisation"], by)
    ]
    arrivals = [
        (row["organisation"], arrival_of(row, part, almanac, history)) for part, row in enumerate(called, start=1)
    ]
    return ClocksView.of(watch_of(issue, almanac, history, told, at), arrivals)


async def called_for(connection: AsyncConnection, community: str, issue_id: UUID) -> list[RowMapping]:
    """The units that the newest whistles of an issue called, oldest first."""
    newest = (
        select(whistles.c.id)
        .where(whistles.c.community == community, whistles.c.issue_id == issue_id)
        .order_by(whistles.c.id.desc())
        .limit(MOST_WHISTLES)
    )
    statement = (
        select(whistle_units)
        .where(whistle_units.c.community == community, whistle_units.c.whistle_id.in_(newest))
        .order_by(whistle_units.c.whistle_id, whistle_units.c.position)
    )
    return list((await connection.execute(statement)).mappings())


def arrival_of(row: RowMapping, part: int, almanac: Almanac, history: Sequence[HistoryEntry]) -> Clock:
    """T6 of a called unit, in the round in which it was called. Its end is the one that is kept, by which a miss is told."""
    round_ = max((entry.round for entry in history if entry.at <= row["called_at"]), default=1)
    came, ended = row["arrived_at"], row["arrived_at"] or row["released_at"]
    run = Run(ClockCode.ARRIVE, round_, part, row["called_at"], stopped_at=ended, void=ended is not None and not came)
    verb = (WhistleVerb.REPORT_IN if came else WhistleVerb.RELEASE) if ended else None
    clock = almanac.clock(run, SPANS[WhistleLevel(row["level"])])
    return replace(clock, due_at=row["due_at"], stopped_by=verb.value if verb else None)


async def rules_in_force(connection: AsyncConnection, community: str, at: datetime) -> ClockRulesView:
    """The version that counts for clocks that start now."""
    version = (await read_almanac(connection, community)).rules.in_force(at).version
    return await version_of_rules(connection, community, version)


async def version_of_rules(connection: AsyncConnection, community: str, version: int) -> ClockRulesView:
    """One version. Raises RuleVersionNotFound."""
    if version == DEFAULT_RULES.version:
        return ClockRulesView.shipped()
    statement = select(clock_rules).where(clock_rules.c.community == community, clock_rules.c.version == version)
    row = (await connection.execute(statement)).mappings().first()
    if row is None:
        raise RuleVersionNotFound
    return ClockRulesView.of(rule_version_of(row))


async def versions_of_rules(connection: AsyncConnection, community: str, page: PageAsked) -> Page[ClockRulesView]:
    """Versions of this community, newest first, proposals among them."""
    statement = select(clock_rules).where(clock_rules.c.community == community)
    rows = (await connection.execute(NEWEST_RULES.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_RULES.cut(rows, limit=page.limit)
    items = [ClockRulesView.of(rule_version_of(row._mapping)) for row in kept]
    return Page[ClockRulesView].model_construct(items=items, next_cursor=cursor)


async def calendar_of(connection: AsyncConnection, community: str, year: int) -> CalendarYearView:
    """A year as it counts now."""
    return CalendarYearView.of((await read_almanac(connection, community)).calendars, year)


async def versions_of_calendar(
    connection: AsyncConnection, community: str, year: int, page: PageAsked
) -> Page[CalendarVersionView]:
    """Versions of a year, newest first, proposals among them."""
    statement = select(calendar_versions).where(
        calendar_versions.c.community == community, calendar_versions.c.year == year
    )
    rows = (await connection.execute(NEWEST_CALENDAR.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_CALENDAR.cut(rows, limit=page.limit)
    items = [CalendarVersionView.of(calendar_version_of(row._mapping)) for row in kept]
    return Page[CalendarVersionView].model_construct(items=items, next_cursor=cursor)
