"""The stores on PostgreSQL: the same scenarios as in memory, and what only a database can get wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import ReflectedColumn

from services.notify.domain.delivery import Outcome
from services.notify.domain.issue_facts import IssueFacts
from services.notify.storage.tables import metadata
from services.notify.storage.unit_of_work import NotifyUnitOfWorkFactory, PostgresNotifyUnitOfWork
from services.notify.tests.builders import WEDNESDAY, a_subscription, an_issue_registered
from services.notify.tests.every_store import Begin, EveryStore, a_delivery, a_notification
from services.notify.use_cases.hand_to_partners import HandToPartners, hand_to_partners
from shared.clock import FrozenClock
from shared.database.engine import Database as Pool
from shared.database.migrations import downgrade, head_of, migrate
from shared.database.row_security import tables_without_row_security
from shared.ids import new_id
from shared.principal import Role
from shared.testing.databases import Database, Databases
from shared.testing.principals import COMMUNITY

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = Pool(database.app_url, application="notify-test")
    yield opened
    await opened.close()


@pytest.fixture
def begin(pool: Pool) -> Begin:
    factory = NotifyUnitOfWorkFactory(pool, clock=FrozenClock(WEDNESDAY))
    return lambda: factory(COMMUNITY, correlation_id="test")


class TestOnPostgres(EveryStore):
    """Every scenario, on the real thing."""


async def fill_every_table(begin: Begin) -> UUID:
    """One row in each table; returns the subscription."""
    subscription = a_subscription()
    async with begin() as uow:
        await uow.inboxes.add([a_notification(new_id())])
        await uow.directory.grant(new_id(), new_id(), None, "resident", WEDNESDAY)
        await uow.directory.remember_organisation(new_id(), "property", "物业")
        await uow.directory.remember_community("翡翠城社区")
        await uow.issue_facts.remember(new_id(), IssueFacts())
        await uow.subscriptions.add(subscription)
        delivery = a_delivery(subscription, await uow.feeds.number(subscription.id))
        await uow.feeds.enqueue(delivery)
        await uow.feeds.tried(delivery, Outcome(WEDNESDAY, WEDNESDAY - WEDNESDAY, 500, "status"))
    return subscription.id


async def test_no_table_is_open_to_other_communities(pool: Pool) -> None:
    async with pool.reading(COMMUNITY) as connection:
        assert await tables_without_row_security(connection) == []


@pytest.mark.parametrize("bound", [None, "xinhua"], ids=["no community", "another community"])
async def test_raw_sql_of_the_service_sees_nothing_of_another_community(
    database: Database, begin: Begin, bound: str | None
) -> None:
    await fill_every_table(begin)
    connection = await asyncpg.connect(database.plain(database.app_url))
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        async with connection.transaction():
            if bound is not None:
                await connection.execute("SELECT set_config('app.community', $1, true)", bound)
            for table in metadata.tables:
                assert await superuser.fetchval(f"SELECT count(*) FROM {table}") > 0, table
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
                assert await connection.execute(f"DELETE FROM {table}") == "DELETE 0", table
    finally:
        await connection.close()
        await superuser.close()


async def test_officers_of_the_subdistrict_are_found_in_every_community_and_its_other_people_in_none(
    pool: Pool,
) -> None:
    officer, operator = new_id(), new_id()
    whole = NotifyUnitOfWorkFactory(pool)("all", correlation_id="test")
    async with whole as uow:
        await uow.directory.grant(new_id(), officer, None, Role.SUBDISTRICT_OFFICER.value, WEDNESDAY)
        await uow.directory.grant(new_id(), operator, None, Role.OPERATOR.value, WEDNESDAY)
    for community in (COMMUNITY, "xinhua"):
        async with NotifyUnitOfWorkFactory(pool)(community, correlation_id="test") as uow:
            found = await uow.directory.holders([Role.SUBDISTRICT_OFFICER, Role.OPERATOR])
        assert officer in found
        assert operator not in found


async def test_the_dispatchers_role_sees_what_is_due_and_no_content(database: Database, begin: Begin) -> None:
    await fill_every_table(begin)
    connection = await asyncpg.connect(database.plain(database.relay_url))
    try:
        assert await connection.fetchval("SELECT count(*) FROM feeds") > 0
        assert await connection.fetchval("SELECT count(id) FROM subscriptions") > 0
        for forbidden in (
            "SELECT credential FROM subscriptions",
            "SELECT url FROM subscriptions",
            "SELECT body FROM deliveries",
            "SELECT * FROM notifications",
            "SELECT * FROM memberships",
            "UPDATE feeds SET next_try_at = NULL",
            "UPDATE subscriptions SET state = 'active'",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(forbidden)
    finally:
        await connection.close()


async def test_parallel_transactions_number_without_gap_or_double(begin: Begin) -> None:
    subscription = a_subscription()
    async with begin() as uow:
        await uow.subscriptions.add(subscription)

    async def one(fails: bool) -> None:
        uow: PostgresNotifyUnitOfWork = begin()
        message = an_issue_registered()
        fact = HandToPartners(new_id(), message.message_type, message.aggregate_id, message.model_dump(), WEDNESDAY)
        if not fails:
            await hand_to_partners(fact, uow)
            return
        with suppress(ZeroDivisionError):
            async with uow:
                await uow.feeds.number(subscription.id)
                raise ZeroDivisionError  # a transaction that fails gives its number back

    await asyncio.gather(*(one(fails=number % 3 == 0) for number in range(30)))
    async with begin() as uow:
        waiting = await uow.feeds.waiting(subscription.id, limit=100)
    assert [delivery.sequence for delivery in waiting] == list(range(1, 21))


def columns_of(connection: Connection, name: str) -> list[ReflectedColumn]:
    return inspect(connection).get_columns(name)


async def test_the_tables_in_code_are_those_of_the_migrations(pool: Pool) -> None:
    async with pool.reading(COMMUNITY) as connection:
        for name, table in metadata.tables.items():
            columns = await connection.run_sync(partial(columns_of, name=name))
            found = {c["name"]: (str(c["type"].compile(DIALECT)), c["nullable"]) for c in columns}
            assert found == {c.name: (str(c.type.compile(DIALECT)), bool(c.nullable)) for c in table.columns}, name


async def test_migrations_go_up_from_empty_down_one_by_one_and_up_again(databases: Databases) -> None:
    database = databases.create_empty("notify")
    try:
        head = head_of("notify")
        assert await migrate(database.owner_url, "notify") == head
        assert await migrate(database.owner_url, "notify") == head, "running it twice is fine"
        for revision in range(int(head) - 1, 0, -1):
            assert await downgrade(database.owner_url, "notify") == f"{revision:04}"
        assert await downgrade(database.owner_url, "notify") == "base"
        assert await migrate(database.owner_url, "notify") == head
    finally:
        databases.drop(database)
