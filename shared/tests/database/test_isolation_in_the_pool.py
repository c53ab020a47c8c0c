"""Two connections, four communities, thousands of interleaved requests that end in every way a request can end."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from shared.database.engine import Database, PoolSettings
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import Unavailable
from shared.ids import new_id
from shared.testing.databases import Database as ServerDatabase
from shared.tests.notes import NotesUnitOfWork, notes

COMMUNITIES = ("feicuicheng", "haitang", "shuiji", "wangcheng")
REQUESTS = 3_000
AT_ONCE = 24


@pytest.fixture
async def small(notes_database: ServerDatabase) -> AsyncIterator[Database]:
    opened = Database(
        notes_database.app_url, application="small", pool=PoolSettings(size=2, overflow=0, wait_seconds=30)
    )
    yield opened
    await opened.close()


async def test_no_request_ever_sees_another_community(small: Database) -> None:
    chance = random.Random(20261123)  # noqa: S311 - a seed, so that a failure can be repeated
    factory = UnitOfWorkFactory(NotesUnitOfWork, small)
    foreign: list[object] = []
    endings: dict[str, int] = {}
    at_once = asyncio.Semaphore(AT_ONCE)

    async def look(uow: NotesUnitOfWork) -> None:
        rows = (await uow.execute(sa.select(notes.c.community).distinct())).scalars().all()
        foreign.extend(row for row in rows if row != uow.community)

    async def one_request(community: str, ending: str) -> None:
        if ending == "reads":
            async with small.reading(community) as connection:
                rows = (await connection.execute(sa.select(notes.c.community).distinct())).scalars().all()
                foreign.extend(row for row in rows if row != community)
            return
        async with factory(community, correlation_id="pool-0001") as uow:
            await look(uow)
            await uow.add(str(new_id()))
            if ending == "raises":
                raise ZeroDivisionError
            if ending == "breaks":
                await uow.execute(sa.text("SELECT 1/0"))
            if ending == "is cancelled":
                await uow.execute(sa.text("SELECT pg_sleep(5)"))
            await look(uow)

    async def run(number: int) -> None:
        community = COMMUNITIES[number % len(COMMUNITIES)]
        ending = chance.choices(
            ("commits", "reads", "raises", "breaks", "is cancelled", "is cancelled early"), (40, 30, 15, 10, 3, 10)
        )[0]
        async with at_once:
            task = asyncio.create_task(one_request(community, ending))
            if ending == "is cancelled early":
                for _ in range(chance.randrange(12)):
                    await asyncio.sleep(0)
                task.cancel()
            elif ending == "is cancelled":
                await asyncio.wait([task], timeout=0.02)
                task.cancel()
            try:
                await task
                outcome = "ended well"
            except (ZeroDivisionError, sa.exc.DBAPIError, asyncio.CancelledError, Unavailable) as error:
                outcome = type(error).__name__
        endings[outcome] = endings.get(outcome, 0) + 1

    await asyncio.gather(*(run(number) for number in range(REQUESTS)))

    assert foreign == []
    assert sum(endings.values()) == REQUESTS
    assert endings["ended well"] > REQUESTS / 2
    assert endings["CancelledError"] > 50
    assert small.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    async with small.engine.connect() as connection:
        assert (await connection.execute(sa.text("SELECT count(*) FROM notes"))).scalar() == 0
        bound = await connection.execute(sa.text("SELECT current_setting('app.community', true)"))
        assert (bound.scalar() or "") == ""


async def test_a_connection_left_inside_a_transaction_is_thrown_away(small: Database) -> None:
    connection = await small.open("BEGIN; SELECT set_config('app.community', 'haitang', true)")
    await small.release(connection)  # a mistake in our code: nobody ended the transaction
    for _ in range(4):
        async with small.engine.connect() as other:
            bound = await other.execute(sa.text("SELECT current_setting('app.community', true)"))
            assert (bound.scalar() or "") == ""
