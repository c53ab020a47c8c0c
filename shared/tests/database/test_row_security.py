"""The last wall: what raw SQL sees and can do under the roles of a service."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from shared.database.engine import Database
from shared.database.row_security import tables_without_row_security
from shared.ids import new_id
from shared.testing.databases import Database as ServerDatabase
from shared.tests.database.conftest import Begin
from shared.tests.notes import WriteNote, write_note

TENANT_TABLES = (
    "notes",
    "pages",
    "diary",
    "outbox",
    "outbox_aggregates",
    "inbox",
    "consumer_positions",
    "idempotency_keys",
)


async def run_as(app: "asyncpg.Connection[asyncpg.Record]", community: str, statement: str, *arguments: object) -> str:
    async with app.transaction():
        await app.execute("SELECT set_config('app.community', $1, true)", community)
        done: str = await app.execute(statement, *arguments)
    return done


async def connected(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(url.replace("+asyncpg", ""))


@pytest.fixture(autouse=True)
async def two_communities(begin: Begin) -> None:
    for community in ("feicuicheng", "haitang"):
        async with begin(community) as uow:
            await uow.add(f"a note of {community} {new_id()}")


@pytest.fixture
async def app(notes_database: ServerDatabase) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await connected(notes_database.app_url)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(notes_database: ServerDatabase) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await connected(notes_database.owner_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_without_a_community_there_are_no_rows(app: asyncpg.Connection, table: str) -> None:
    assert await app.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_community_sees_its_own_rows_only(app: asyncpg.Connection) -> None:
    async with app.transaction():
        await app.execute("SELECT set_config('app.community', 'haitang', true)")
        assert {row["community"] for row in await app.fetch("SELECT * FROM notes")} == {"haitang"}
    async with app.transaction():
        await app.execute("SELECT set_config('app.community', 'nowhere', true)")
        assert await app.fetchval("SELECT count(*) FROM notes") == 0


async def test_the_community_ends_with_the_transaction(app: asyncpg.Connection) -> None:
    async with app.transaction():
        await app.execute("SELECT set_config('app.community', 'haitang', true)")
        assert await app.fetchval("SELECT count(*) FROM notes") > 0
    assert await app.fetchval("SELECT count(*) FROM notes") == 0
    assert await app.fetchval("SELECT current_setting('app.community', true)") == ""


async def test_rows_of_another_community_cannot_be_written(app: asyncpg.Connection) -> None:
    for statement in (
        "INSERT INTO notes (community, id, text, written_at) VALUES ('feicuicheng', gen_random_uuid(), 'x', now())",
        "UPDATE notes SET community = 'feicuicheng'",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await run_as(app, "haitang", statement)


async def test_rows_of_another_community_cannot_be_changed_or_deleted(app: asyncpg.Connection) -> None:
    for statement in (
        "UPDATE notes SET text = 'taken' WHERE community = 'feicuicheng'",
        "DELETE FROM notes WHERE community = 'feicuicheng'",
    ):
        assert (await run_as(app, "haitang", statement)).endswith(" 0")


async def test_a_key_of_another_community_is_no_obstacle_and_tells_nothing(begin: Begin) -> None:
    same = new_id()
    for community in ("feicuicheng", "haitang"):
        async with begin(community) as uow:
            await uow.add(f"the same text {same}", same)


async def test_a_reference_to_a_row_of_another_community_is_refused(app: asyncpg.Connection) -> None:
    page = new_id()
    await run_as(app, "haitang", "INSERT INTO pages (community, id, version) VALUES ('haitang', $1, 1)", page)
    note = "INSERT INTO notes (community, id, text, page_id, written_at) VALUES ($1, $2, 'on a page', $2, now())"
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await run_as(app, "feicuicheng", note, "feicuicheng", page)
    await run_as(app, "haitang", note, "haitang", page)


async def test_the_owner_is_bound_as_well(owner: asyncpg.Connection) -> None:
    for table in TENANT_TABLES:
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_the_serving_role_can_neither_drop_nor_empty_nor_alter(app: asyncpg.Connection) -> None:
    for statement in (
        "DROP TABLE notes",
        "TRUNCATE notes",
        "ALTER TABLE notes DISABLE ROW LEVEL SECURITY",
        "DROP POLICY of_community ON notes",
        "CREATE TABLE mine (id int)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)


async def test_the_serving_role_cannot_rewrite_what_was_said(app: asyncpg.Connection) -> None:
    for statement in (
        "UPDATE outbox SET data = '{}'",
        "DELETE FROM outbox",
        "UPDATE diary SET text = ''",
        "DELETE FROM diary",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)


async def test_the_relay_sees_messages_of_all_communities_and_no_business(
    notes_database: ServerDatabase, begin: Begin
) -> None:
    for community in ("feicuicheng", "haitang"):
        await write_note(WriteNote(f"news {new_id()}"), begin(community))
    relay = await connected(notes_database.relay_url)
    try:
        assert {row["community"] for row in await relay.fetch("SELECT community FROM outbox")} == {
            "feicuicheng",
            "haitang",
        }
        for table in ("notes", "pages", "diary"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await relay.fetch(f"SELECT * FROM {table}")
    finally:
        await relay.close()


async def test_every_table_with_a_community_is_walled(database: Database) -> None:
    async with database.reading("feicuicheng") as connection:
        assert await tables_without_row_security(connection) == []


@pytest.mark.parametrize(
    ("breach", "finding"),
    [
        ("CREATE TABLE open_door (community text, id int)", "not enabled"),
        ("ALTER TABLE pages NO FORCE ROW LEVEL SECURITY", "not forced"),
        ("DROP POLICY of_community ON pages", "no policy"),
        ("CREATE POLICY all_of_it ON pages TO issues_app USING (true)", "opens all communities"),
        ("CREATE POLICY all_of_it ON pages USING (true)", "opens all communities"),
        ("CREATE VIEW all_notes AS SELECT * FROM notes", "security_invoker"),
        ("CREATE MATERIALIZED VIEW kept_notes AS SELECT * FROM notes", "materialized"),
        ("CREATE UNIQUE INDEX one_page ON notes (page_id)", "start with community"),
        ("ALTER TABLE notes ADD UNIQUE (community, page_id), ADD UNIQUE (page_id)", "start with community"),
    ],
)
async def test_a_breach_in_the_wall_is_found(notes_database: ServerDatabase, breach: str, finding: str) -> None:
    database = Database(notes_database.owner_url, application="breach")
    try:
        connection = await database.open("BEGIN")
        try:
            await connection.exec_driver_sql(breach)
            found = await tables_without_row_security(connection)
        finally:
            await database.close_transaction(connection, commit=False)
        assert any(finding in line for line in found), found
    finally:
        await database.close()
