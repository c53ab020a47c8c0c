"""Reading the counts: sums over a period, by any breakdown. What it reads grows with the period and the breakdown, not with the number of issues."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, any_, case, cast, false, func, literal, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import FromClause, Subquery

from services.issues.domain.rates.periods import Period
from services.issues.domain.words.reports import STORED_AS, By
from services.issues.storage.tables.master_data import buildings, categories, compounds, grids, organisations
from services.issues.storage.tables.reports import profile_figures, report_generations, report_queue, report_rollups
from shared.database.keyset import Keyset
from shared.http.paging import PageAsked

EVER = Period(date(1970, 1, 1), date(2099, 12, 31))
NONE_YET = 0
"""The generation of a community that nothing was counted of."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the counts of a community stand, and up to when they are complete."""

    community: str
    generation: int
    as_of: datetime
    waiting: int
    """Changes that are not counted yet; at most 1000 are looked at."""


@dataclass(frozen=True, slots=True)
class Name:
    """How people call the key of a breakdown."""

    zh: str
    en: str


async def shelf_of(connection: AsyncConnection, community: str, now: datetime) -> Shelf:
    """The counts that are shown now. Every change until `as_of` is in them."""
    found = await connection.execute(
        select(report_generations.c.current).where(report_generations.c.community == community)
    )
    generation = found.scalar()
    first = (
        select(report_queue.c.at)
        .where(report_queue.c.community == community)
        .order_by(report_queue.c.id)
        .limit(1000)
        .subquery()
    )
    queue = (await connection.execute(select(func.min(first.c.at), func.count()))).one()
    return Shelf(community, generation or NONE_YET, min(queue[0] or now, now), queue[1])


async def keys_of(
    connection: AsyncConnection, shelf: Shelf, by: By, period: Period, *, measures: Collection[str], page: PageAsked
) -> tuple[list[str], str | None]:
    """A page of the keys of a breakdown that have counts in a period, and the cursor of the next."""
    counts = _counted(shelf, by, period, measures)
    source, key = _broken_down(by, shelf, counts)
    known = select(key.label("key")).select_from(source).distinct().subquery()
    in_order = Keyset((known.c.key,))
    found = await connection.execute(in_order.page(select(known.c.key), limit=page.limit, cursor=page.cursor))
    kept, cursor = in_order.cut(found.all(), limit=page.limit)
    return [row.key for row in kept], cursor


async def counts_by(
    connection: AsyncConnection,
    shelf: Shelf,
    by: By,
    period: Period,
    measures: Collection[str],
    *,
    keys: Sequence[str] | None = None,
) -> Mapping[str, Mapping[str, int]]:
    """Key -> measure -> sum over the period; of these keys only, if they are given."""
    counts = _counted(shelf, by, period, measures)
    source, key = _broken_down(by, shelf, counts)
    counted = (
        select(key.label("key"), counts.c.measure, func.sum(counts.c.value).label("value"))
        .select_from(source)
        .group_by(key, counts.c.measure)
    )
    if keys is not None:
        counted = counted.where(key == _any_of(keys))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in await connection.execute(counted):
        if row.value:
            found[row.key][row.measure] = int(row.value)
    return found


async def names_of(connection: AsyncConnection, community: str, by: By, keys: Collection[str]) -> Mapping[str, Name]:
    """How people call these keys; handlers have no name here, only an id."""
    table = {
        By.COMPOUND: compounds,
        By.GRID: grids,
        By.BUILDING: buildings,
        By.ORGANISATION: organisations,
    }.get(by)
    if by in (By.CATEGORY, By.CATEGORY_GROUP):
        rows = await connection.execute(
            select(categories.c.code, categories.c.name_zh, categories.c.name_en).where(
                categories.c.community == community, categories.c.code == _any_of(sorted(keys))
            )
        )
        return {row.code: Name(row.name_zh, row.name_en) for row in rows}
    if table is None:
        return {}
    rows = await connection.execute(
        select(table.c.id, table.c.name).where(
            table.c.community == community, cast(table.c.id, Text) == _any_of(sorted(keys))
        )
    )
    return {str(row.id): Name(row.name, row.name) for row in rows}


async def profile_at(connection: AsyncConnection, community: str, day: date) -> Any | None:
    """Households and residents of the community as they stood on a day; None if nobody has recorded any until then."""
    known = profile_figures.c
    found = await connection.execute(
        select(known.as_of, known.households, known.residents)
        .where(known.community == community, known.as_of <= day)
        .order_by(known.as_of.desc())
        .limit(1)
    )
    return found.first()


def _any_of(values: Sequence[str]) -> ColumnElement[Any]:
    return any_(literal(list(values), ARRAY(Text)))


def _counted(shelf: Shelf, by: By, period: Period, measures: Collection[str]) -> Subquery:
    """The counts of a period, piece by piece: each is one range of the primary key, whatever the statistics say of measures.

    Measures are looked at row by row: as a condition of the index a long list of them makes the planner read the whole table instead.
    """
    counts = report_rollups.c
    pieces = [
        select(counts.key, counts.measure, counts.value).where(
            counts.community == shelf.community,
            counts.generation == shelf.generation,
            counts.dimension == STORED_AS[by].value,
            counts.grain == piece.grain.value,
            counts.period.between(piece.first, piece.last),
            (counts.measure + literal("", Text)) == _any_of(sorted(measures)),
        )
        for piece in period.pieces()
    ]
    nothing = select(counts.key, counts.measure, counts.value).where(false())
    return union_all(*(pieces or [nothing])).subquery("counts")


def _broken_down(by: By, shelf: Shelf, counted: Subquery) -> tuple[FromClause, ColumnElement[Any]]:
    """The counts with what they are summed by. A place is a building, else a compound or a grid; today's tables say where it belongs."""
    counts, community = counted.c, shelf.community
    if by in (By.COMPOUND, By.GRID):
        column, table = (buildings.c.compound_id, compounds) if by is By.COMPOUND else (buildings.c.grid_id, grids)
        source = counted.outerjoin(
            buildings, and_(buildings.c.community == community, cast(buildings.c.id, Text) == counts.key)
        ).outerjoin(table, and_(table.c.community == community, cast(table.c.id, Text) == counts.key))
        return source, func.coalesce(cast(column, Text), cast(table.c.id, Text), "")
    if by is By.BUILDING:
        source = counted.outerjoin(
            buildings, and_(buildings.c.community == community, cast(buildings.c.id, Text) == counts.key)
        )
        return source, func.coalesce(cast(buildings.c.id, Text), "")
    if by is By.CATEGORY_GROUP:
        source = counted.outerjoin(
            categories, and_(categories.c.community == community, categories.c.code == counts.key)
        )
        return source, func.coalesce(categories.c.parent, counts.key)
    if by is By.ORGANISATION_KIND:
        source = counted.outerjoin(
            organisations, and_(organisations.c.community == community, cast(organisations.c.id, Text) == counts.key)
        )
        return source, func.coalesce(organisations.c.kind, case((counts.key == "", ""), else_="unknown"))
    return counted, counts.key
