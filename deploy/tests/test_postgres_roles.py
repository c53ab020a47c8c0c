"""What the roles of a service may do, on a real PostgreSQL."""

import asyncio

import asyncpg
import pytest

from deploy.postgres import roles
from shared.testing.databases import Database, Databases, password_of
from shared.testing.servers import Postgres


def no_migration(database: Database) -> None:
    """These tests need roles and databases, not tables."""


@pytest.fixture(scope="module")
def issues(databases: Databases) -> Database:
    return databases.create("issues", no_migration)


async def connect(database: Database, role: str, password: str | None = None) -> asyncpg.Connection:
    return await asyncpg.connect(
        host=database.host,
        port=database.port,
        user=role,
        password=password or password_of(role),
        database=database.name,
    )


@pytest.mark.parametrize("role", ["issues_owner", "issues_app", "issues_relay"])
async def test_own_roles_may_connect(issues: Database, role: str) -> None:
    connection = await connect(issues, role)
    assert await connection.fetchval("SELECT current_user") == role
    await connection.close()


@pytest.mark.parametrize("role", ["volunteers_owner", "volunteers_app", "notify_relay", "gateway_identity"])
async def test_roles_of_other_services_may_not_connect(issues: Database, role: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await connect(issues, role)


async def test_a_wrong_password_is_refused(issues: Database) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(issues, "issues_app", "wrong")


async def test_no_role_of_a_service_can_get_around_row_level_security(issues: Database) -> None:
    connection = await connect(issues, "issues_app")
    rows = await connection.fetch(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb) AND rolname = ANY($1)",
        list(roles.role_names()),
    )
    assert rows == []
    await connection.close()


async def test_running_roles_can_make_no_tables(issues: Database) -> None:
    for role in ("issues_app", "issues_relay"):
        connection = await connect(issues, role)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
        await connection.close()


async def test_running_roles_have_time_limits(issues: Database) -> None:
    connection = await connect(issues, "issues_app")
    limits = {name: await connection.fetchval(f"SHOW {name}") for name in roles.RUNNING}
    assert limits == dict(roles.RUNNING)
    await connection.close()


async def test_roles_are_made_again_without_harm(postgres_server: Postgres, issues: Database) -> None:
    passwords = {role: password_of(role) for role in roles.role_names()}
    for _ in range(2):
        await roles.ensure_everything(
            postgres_server.host, postgres_server.port, "postgres", postgres_server.password, passwords
        )
    connection = await connect(issues, "issues_app")
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()


async def test_two_databases_of_a_service_know_nothing_of_each_other(databases: Databases) -> None:
    first, second = databases.create("events", no_migration), databases.create("events", no_migration)
    owner = await connect(first, "events_owner")
    await owner.execute("CREATE TABLE only_here (id int)")
    other = await connect(second, "events_owner")
    assert await other.fetchval("SELECT to_regclass('only_here')") is None
    await asyncio.gather(owner.close(), other.close())
