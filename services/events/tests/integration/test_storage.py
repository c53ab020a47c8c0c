"""The use cases on PostgreSQL: the same scenarios as in memory, and what only a database can get wrong."""

from collections.abc import AsyncIterator
from functools import partial

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import ReflectedColumn

from services.events.domain.neighbourhood import Building, Figures
from services.events.storage import EventsUnitOfWorkFactory
from services.events.storage.tables import metadata
from services.events.tests.builders import NOW
from services.events.tests.every_store import EveryStore, whatever_happens_the_waitlist_keeps_its_promises
from services.events.tests.scenarios import World
from shared.clock import FrozenClock
from shared.database.engine import Database as Pool
from shared.database.row_security import tables_without_row_security
from shared.http.idempotency import IdempotentRequest, StoredAnswer
from shared.ids import new_id
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = Pool(database.app_url, application="events-test")
    yield opened
    await opened.close()


@pytest.fixture
def world(pool: Pool) -> World:
    clock = FrozenClock(NOW)
    factory = EventsUnitOfWorkFactory(pool, clock=clock)
    return World(begin=lambda: factory(COMMUNITY, correlation_id="test"), clock=clock)


class TestOnPostgres(EveryStore):
    """Every scenario, on the real thing."""


class TestOnPostgresTheShortWay(EveryStore):
    """Every scenario with commands as they come over HTTP: sign-ups are supposed first and written in one statement."""

    @pytest.fixture
    def world(self, pool: Pool) -> World:
        clock = FrozenClock(NOW)
        factory = EventsUnitOfWorkFactory(pool, clock=clock)
        return World(begin=lambda: factory(COMMUNITY, correlation_id="test", once=a_request()), clock=clock)


def a_request() -> IdempotentRequest:
    """A command with a key of its own, answered with a rank."""
    key = str(new_id())
    request = IdempotentRequest(COMMUNITY, new_id(), "POST /test", key, key.encode())
    request.render = lambda result: StoredAnswer(201, {}, b'{"rank":%d}' % (getattr(result, "rank", None) or 0))
    return request


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_waitlist_keeps_its_promises(world: World, data: st.DataObject) -> None:
    await whatever_happens_the_waitlist_keeps_its_promises(world, data)


async def test_no_table_is_open_to_other_communities(database: Database, pool: Pool) -> None:
    async with pool.reading(COMMUNITY) as connection:
        assert await tables_without_row_security(connection) == []


@pytest.mark.parametrize("bound", [None, "xinhua"], ids=["no community", "another community"])
async def test_raw_sql_of_the_service_sees_nothing_of_another_community(
    database: Database, world: World, bound: str | None
) -> None:
    event = await world.publish()
    registration = await world.register(event)
    world.clock.at = event.plan.starts_at
    await world.check_in(registration)
    async with world.begin() as uow:
        await uow.neighbourhood.keep_household(new_id(), building_id=new_id(), person_ids=[new_id()])
        await uow.neighbourhood.keep_building(Building(new_id(), new_id(), new_id(), "12号楼"))
        await uow.neighbourhood.keep_figures(Figures(NOW.date(), 5196, 8225))

    connection = await asyncpg.connect(database.plain(database.app_url))
    try:
        async with connection.transaction():
            if bound is not None:
                await connection.execute("SELECT set_config('app.community', $1, true)", bound)
            for table in metadata.tables:
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
                assert await connection.execute(f"DELETE FROM {table}") == "DELETE 0", table
        superuser = await asyncpg.connect(database.plain(database.superuser_url))
        for table in metadata.tables:
            assert await superuser.fetchval(f"SELECT count(*) FROM {table}") > 0, table
        await superuser.close()
    finally:
        await connection.close()


async def test_even_a_mistake_of_ours_cannot_oversell(world: World, pool: Pool) -> None:
    event = await world.publish(capacity=4)
    with pytest.raises(Exception, match="event_places_never_oversold"):
        async with world.begin() as uow:
            await uow.execute(
                text("UPDATE event_places SET confirmed_persons = 5 WHERE event_id = :event_id"), {"event_id": event.id}
            )


DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def columns_of(connection: Connection, name: str) -> list[ReflectedColumn]:
    return inspect(connection).get_columns(name)


async def test_the_tables_in_code_are_those_of_the_migrations(pool: Pool) -> None:
    async with pool.reading(COMMUNITY) as connection:
        for name, table in metadata.tables.items():
            columns = await connection.run_sync(partial(columns_of, name=name))
            found = {c["name"]: (str(c["type"].compile(DIALECT)), c["nullable"]) for c in columns}
            assert found == {c.name: (str(c.type.compile(DIALECT)), bool(c.nullable)) for c in table.columns}, name
