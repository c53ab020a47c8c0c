"""Searching a million issues beside searching ten thousand, and beside a plain page of the list, all in the same run.

Through the query that the endpoint runs, under the serving role with its row-level security.
"""

import asyncio
import base64
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import UUID

import asyncpg

from bench import search_town
from bench.rounds import Ratio
from services.issues.queries.issues import IssueFilter, issues_seen_by
from services.issues.queries.search import search_issues
from shared.database.engine import Database as Pool
from shared.http.paging import PageAsked
from shared.principal import Grant, Principal, Role
from shared.security.sealing import seal_of
from shared.testing.databases import Database, Databases
from shared.testing.servers import EmbeddedPostgres

LARGE, SMALL = ("large", 1_000_000), ("small", 10_000)
CALLS = 15
PAGE = PageAsked(limit=20)
SEAL = seal_of(base64.b64encode(bytes(32)).decode())
LIST = "a page of this caller's plain list, 1,000,000"
OFFICER = Principal(UUID("01900000-0000-7000-b000-000000000001"), None, (Grant(Role.DUTY_OFFICER),))
RESIDENT = Principal(UUID("01900000-0000-7000-9000-000000000005"), None, (Grant(Role.RESIDENT),))


def handler_of(organisation: int) -> Principal:
    """Somebody who handles what one organisation is responsible for."""
    return Principal(
        UUID("01900000-0000-7000-b000-000000000002"),
        None,
        (Grant(Role.HANDLER, UUID(f"01900000-0000-7000-a000-{organisation:012x}")),),
    )


EVERYTHING = IssueFilter()


@dataclass(frozen=True, slots=True)
class Question:
    """Something to search for, and who asks."""

    name: str
    q: str
    by: Principal = OFFICER
    wanted: IssueFilter = EVERYTHING


QUESTIONS = (
    Question("a common word", "路灯"),
    Question("two common words", "路灯 漏水"),
    Question("a rare word", "独角兽"),
    Question("a word that is nowhere", "鲲鹏展翅"),
    Question("common pairs that never meet", "大影响楼下"),
    Question("a serial number", "004321"),
    Question("a common word with a filter", "路灯", wanted=IssueFilter(category="c7")),
    Question("a resident's own", "路灯", RESIDENT),
    Question("a resident's own, nowhere", "鲲鹏展翅", RESIDENT),
    Question("of a large organisation", "路灯", handler_of(7)),
    Question("of a large organisation, rare", "独角兽", handler_of(7)),
    Question("of a small organisation", "路灯", handler_of(search_town.SMALL_ORGANISATION)),
)


async def search(rounds: int, said: Sequence[str] | None = None) -> list[Ratio]:
    """Each question in both communities, and the plain list, in turn."""
    server = EmbeddedPostgres(durable=False)
    try:
        await asyncio.to_thread(server.start)
        database = await asyncio.to_thread(Databases(server).create, "issues")
        await _filled(database, said or search_town.sentences())
        pool = Pool(database.app_url, application="bench-search")
        try:
            return [ratio for question in QUESTIONS for ratio in await _measured(pool, question, rounds)]
        finally:
            await pool.close()
    finally:
        server.remove()


async def _filled(database: Database, said: Sequence[str]) -> None:
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        for community, count in (SMALL, LARGE):
            await search_town.build(connection, community, count, said)
    finally:
        await connection.close()


async def _measured(pool: Pool, question: Question, rounds: int) -> list[Ratio]:
    sides: list[list[float]] = [[], [], []]
    calls = (_searching(pool, LARGE[0], question), _searching(pool, SMALL[0], question), _listing(pool, question))
    for number in range(rounds):
        for place in (0, 1, 2) if number % 2 == 0 else (2, 1, 0):
            sides[place].append(await _time_of(calls[place]))
    large, small, listed = sides
    size = Ratio(
        f"search, {question.name}: 1,000,000", "the same, 10,000", large, small, floor=6, goal=2, lower_is_better=True
    )
    beside = Ratio(f"search, {question.name}", LIST, large, listed, floor=20, goal=5, lower_is_better=True)
    return [size, beside]


async def _time_of(call: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        await call()
        times.append(time.perf_counter() - started)
    return median(times)


def _searching(pool: Pool, community: str, question: Question) -> Callable[[], Awaitable[object]]:
    async def call() -> object:
        async with pool.reading(community) as connection:
            return await search_issues(
                connection, community, question.by, asked=question.q, wanted=question.wanted, page=PAGE, seal=SEAL
            )

    return call


def _listing(pool: Pool, question: Question) -> Callable[[], Awaitable[object]]:
    async def call() -> object:
        async with pool.reading(LARGE[0]) as connection:
            return await issues_seen_by(connection, LARGE[0], question.by, question.wanted, PAGE)

    return call
