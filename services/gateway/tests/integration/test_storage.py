"""The use cases on PostgreSQL: the same stories as in memory, and the walls that only a database has."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

import asyncpg
import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import ReflectedColumn

from services.gateway.storage import PostgresGatewayUnitOfWork
from services.gateway.storage.tables import metadata
from services.gateway.tests.scenarios import COMMUNITY, EveryStore, World
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.database.engine import Database as Pool
from shared.database.row_security import tables_without_row_security
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.principal import Role
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase

TENANT_TABLES = sorted(name for name, table in metadata.tables.items() if "community" in table.c)


@pytest.fixture
def database(fresh_database_of: MakeDatabase) -> Database:
    """A database for each story: they all make the same community."""
    return fresh_database_of("gateway")


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    opened = Pool(database.app_url, application="gateway-test")
    yield opened
    await opened.close()


@pytest.fixture
def world(pool: Pool) -> World:
    factory = UnitOfWorkFactory(
        PostgresGatewayUnitOfWork, pool, clock=FrozenClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
    )
    last: list[PostgresGatewayUnitOfWork] = []

    def begin(community: str) -> PostgresGatewayUnitOfWork:
        last[:] = [factory(community, correlation_id="test")]
        return last[0]

    async def told() -> list[Message]:
        return [message for message in last[0].published if isinstance(message, Message)]

    return World(begin, told)


class TestOnPostgres(EveryStore):
    """Every story, on the real thing."""


async def everything(world: World) -> None:
    """A row in every table of the community."""
    await world.community()
    await TestOnPostgres().test_keys_are_revoked_once_and_administer_nobody(_Founded(world.begin, world.told))
    await TestOnPostgres().test_households_have_one_door_and_known_members(_Founded(world.begin, world.told))


class _Founded(World):
    """A world whose community stands already."""

    async def community(self) -> None:  # type: ignore[override]
        """It is there."""


@pytest.mark.parametrize("bound", [None, "another-one"], ids=["no community", "another community"])
async def test_raw_sql_of_the_service_sees_nothing_of_another_community(
    database: Database, world: World, bound: str | None
) -> None:
    await everything(world)
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    connection = await asyncpg.connect(database.plain(database.app_url))
    try:
        for table in TENANT_TABLES:
            assert await superuser.fetchval(f"SELECT count(*) FROM {table}") > 0, table
            if bound is not None:
                await connection.execute("SELECT set_config('app.community', $1, false)", bound)
            assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    finally:
        await superuser.close()
        await connection.close()


async def test_every_table_of_a_community_is_behind_row_security(pool: Pool) -> None:
    async with pool.connected("BEGIN") as connection:
        assert await tables_without_row_security(connection) == []


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT name FROM accounts",
        "SELECT password_hash FROM accounts",
        "SELECT phone_cipher FROM accounts",
        "UPDATE accounts SET name = 'x'",
        "DELETE FROM accounts",
        "SELECT * FROM sessions",
        "SELECT token_hash FROM api_key_secrets",
        "SELECT * FROM login_throttle",
        "UPDATE communities SET slug = 'x'",
        "DELETE FROM communities",
        "UPDATE community_profiles SET residents = 1",
        "DELETE FROM community_profiles",
        "SELECT * FROM relay_state",
    ],
)
async def test_the_serving_role_cannot_read_identities_or_rewrite_history(database: Database, forbidden: str) -> None:
    connection = await asyncpg.connect(database.plain(database.app_url))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE memberships SET role = 'operator'",
        "INSERT INTO memberships (community) VALUES ('all')",
        "UPDATE api_keys SET revoked_at = NULL",
        "INSERT INTO api_key_secrets (id, token_hash, valid_in) VALUES (gen_random_uuid(), 'x', 'all')",
        "SELECT * FROM households",
        "SELECT * FROM outbox",
        "DELETE FROM accounts",
    ],
)
async def test_the_identity_role_reads_roles_and_gives_none(database: Database, forbidden: str) -> None:
    connection = await asyncpg.connect(database.plain(database.identity_url))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(forbidden)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("community_profiles", "party_members = party_members + 1", "party_members_add_up"),
        ("memberships", "role = 'operator'", "memberships_level"),
        ("api_keys", "role = 'community_admin'", "api_keys_administer_nobody"),
    ],
)
async def test_the_database_holds_the_rules_even_against_its_superuser(
    database: Database, world: World, table: str, change: str, constraint: str
) -> None:
    await everything(world)
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        with pytest.raises(asyncpg.CheckViolationError) as broken:
            await superuser.execute(f"UPDATE {table} SET {change} WHERE community = '{COMMUNITY}'")
        assert broken.value.as_dict()["constraint_name"] == constraint
    finally:
        await superuser.close()


async def test_a_name_is_stored_in_one_place_only(database: Database, world: World) -> None:
    await everything(world)
    await world.person(Role.RESIDENT)
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        tables = await superuser.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        holding = {
            row["tablename"]
            for row in tables
            if await superuser.fetchval(
                f"SELECT count(*) FROM {row['tablename']} entry WHERE entry::text LIKE '%张三%'"
            )
        }
    finally:
        await superuser.close()
    assert holding == {"accounts"}


DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def columns_of(connection: Connection, name: str) -> list[ReflectedColumn]:
    return inspect(connection).get_columns(name)


async def test_the_tables_in_code_are_those_of_the_migrations(pool: Pool) -> None:
    async with pool.connected("BEGIN") as connection:
        for name, table in metadata.tables.items():
            columns = await connection.run_sync(partial(columns_of, name=name))
            found = {c["name"]: (str(c["type"].compile(DIALECT)), c["nullable"]) for c in columns}
            assert found == {c.name: (str(c.type.compile(DIALECT)), bool(c.nullable)) for c in table.columns}, name
