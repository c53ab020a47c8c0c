"""A dashboard over a million matters beside the same over ten thousand, and counting a batch of changes in both, in the same run.

Through the queries that the endpoints run and the use case that counts, under the serving role with its row-level security.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from statistics import median
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from bench import dashboard_town as town
from bench.dashboard_ways import ways
from bench.rounds import Ratio, alternate
from services.issues.domain.rates.periods import Period, midnight
from services.issues.domain.words.reports import By, Watch
from services.issues.queries.report_counts import Shelf, shelf_of
from services.issues.queries.report_lists import watched_list
from services.issues.queries.report_sums import changes_in, hot_spots_in, levels_in, outcomes_in
from services.issues.queries.reports import rates_by
from services.issues.storage.unit_of_work import PostgresIssuesUnitOfWork
from services.issues.use_cases.count_changes import CountChanges, count_changes
from shared.database.engine import Database as Pool
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.http.paging import PageAsked
from shared.ids import new_id
from shared.observability.logging import get_logger
from shared.testing.databases import Databases
from shared.testing.servers import EmbeddedPostgres

log = get_logger("bench")
LARGE, SMALL = ("large", 1_000_000), ("small", 10_000)
CALLS, BATCH = 3, 200
PAGE = PageAsked(limit=20)
THIS_YEAR = Period(date(2026, 1, 1), date(2026, 11, 20))
"""Ten whole months and twenty days: both lengths in which sums are kept."""
NOW = midnight(date(2026, 11, 21))
Report = Callable[[AsyncConnection, Shelf], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Tile:
    """One part of the dashboard."""

    name: str
    read: Report


def _rates(by: By) -> Report:
    async def read(connection: AsyncConnection, shelf: Shelf) -> object:
        return await rates_by(connection, shelf, by, THIS_YEAR, today=NOW, page=PAGE, person_near=False)

    return read


def _list(watch: Watch, period: Period | None = None) -> Report:
    async def read(connection: AsyncConnection, shelf: Shelf) -> object:
        return await watched_list(connection, shelf, watch, PAGE, now=NOW, period=period)

    return read


TILES = (
    *(Tile(f"rates by {by.value}", _rates(by)) for by in By),
    Tile("outcome sums", lambda connection, shelf: outcomes_in(connection, shelf, THIS_YEAR)),
    Tile("levels", lambda connection, shelf: levels_in(connection, shelf, THIS_YEAR)),
    Tile("changes", lambda connection, shelf: changes_in(connection, shelf, THIS_YEAR)),
    Tile("hot spots", lambda connection, shelf: hot_spots_in(connection, shelf, THIS_YEAR, 20)),
    Tile("unanswered", _list(Watch.UNANSWERED)),
    Tile("deferred", _list(Watch.DEFERRED)),
    Tile("repeated", _list(Watch.REPEATED, THIS_YEAR)),
)


async def _whole(connection: AsyncConnection, shelf: Shelf) -> object:
    return [await tile.read(connection, shelf) for tile in TILES]


async def dashboard(rounds: int) -> list[Ratio]:
    """The whole dashboard, each of its tiles, and a batch of counting."""
    server = EmbeddedPostgres(durable=False)
    try:
        await asyncio.to_thread(server.start)
        database = await asyncio.to_thread(Databases(server).create, "issues")
        connection = await asyncpg.connect(database.plain(database.superuser_url))
        pool = Pool(database.app_url, application="bench-dashboard")
        try:
            await _filled(connection, pool)
            tiles = (Tile("the whole dashboard", _whole), *TILES)
            ratios = [await _measured(pool, tile, rounds) for tile in tiles]
            return [*ratios, await _counting(connection, pool, rounds)]
        finally:
            await pool.close()
            await connection.close()
    finally:
        server.remove()


async def _filled(connection: asyncpg.Connection, pool: Pool) -> None:
    told = ways()
    await town.prepare(connection, told)
    await town.build(connection, *SMALL, told, every=1)
    await _check_against_the_service(connection, pool)
    await town.build(connection, *LARGE, told, every=town.EVERY)


async def _check_against_the_service(connection: asyncpg.Connection, pool: Pool) -> None:
    """Forget the sums of the small community, have the service count it from its history, and compare."""
    where = f"WHERE community = '{SMALL[0]}'"
    await connection.execute(
        f"CREATE TEMPORARY TABLE added_up AS SELECT * FROM report_rollups {where};"
        f"CREATE TEMPORARY TABLE listed AS SELECT * FROM report_watch {where};"
        f"DELETE FROM report_rollups {where}; DELETE FROM report_watch {where}; DELETE FROM report_contributions {where};"
        f"INSERT INTO report_queue (community, id, issue_id, at) SELECT community, id, id, registered_at FROM issues {where}"
    )
    await _count_all(pool, SMALL[0])
    for kept, made, some in (("report_rollups", "added_up", "AND value <> 0"), ("report_watch", "listed", "")):
        counted, added = (f"SELECT * FROM {table} {where} {some}" for table in (kept, made))
        differing = await connection.fetchval(
            f"SELECT count(*) FROM (({counted} EXCEPT {added}) UNION ALL ({added} EXCEPT {counted})) AS differing"
        )
        if differing:
            raise RuntimeError(f"{differing} rows of {kept} are not as the service counts them")


async def _count_all(pool: Pool, community: str) -> float:
    """Count what waits; how long a batch took, in the median."""
    factory: UnitOfWorkFactory[Any] = UnitOfWorkFactory(PostgresIssuesUnitOfWork, pool)
    times = []
    counted = BATCH
    while counted:
        started = time.perf_counter()
        counted = await count_changes(CountChanges(BATCH), factory(community, correlation_id=str(new_id())))
        if counted:
            times.append(time.perf_counter() - started)
    return median(times)


async def _measured(pool: Pool, tile: Tile, rounds: int) -> Ratio:
    large, small = await _in_turn(
        lambda: _time_of(pool, LARGE[0], tile.read), lambda: _time_of(pool, SMALL[0], tile.read), rounds
    )
    found = Ratio(f"{tile.name}: 1,000,000", "the same, 10,000", large, small, floor=2, goal=1.5, lower_is_better=True)
    log.info("dashboard.measured", tile=tile.name, ratio=round(found.value, 2), ms=round(1000 * median(large), 1))
    return found


async def _counting(connection: asyncpg.Connection, pool: Pool, rounds: int) -> Ratio:
    """The same number of matters changes in both, spread over the whole time."""

    async def batch(community: str, step: int, number: int) -> float:
        chosen = [(number * 7 + n * 50) * step for n in range(BATCH)]
        await town.queue(connection, community, [n % (10_000 * step) for n in chosen])
        return await _count_all(pool, community)

    turns = count()
    large, small = await _in_turn(
        lambda: batch(LARGE[0], town.EVERY, next(turns)), lambda: batch(SMALL[0], 1, next(turns)), rounds
    )
    return Ratio(
        f"counting {BATCH} changes in 1,000,000", "in 10,000", large, small, floor=2, goal=1.5, lower_is_better=True
    )


async def _in_turn(
    large: Callable[[], Awaitable[float]], small: Callable[[], Awaitable[float]], rounds: int
) -> tuple[list[float], list[float]]:
    await large(), await small()
    return await alternate(large, small, rounds)


async def _time_of(pool: Pool, community: str, read: Report) -> float:
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        async with pool.reading(community) as connection:
            await read(connection, await shelf_of(connection, community, NOW))
        times.append(time.perf_counter() - started)
    return median(times)
