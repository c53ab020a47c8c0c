import asyncio
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations as AlembicOperations

from shared.database.engine import Database
from shared.database.migrations import downgrade, head_of, migrate, revision_in, tenant_table
from shared.testing.databases import Database as ServerDatabase
from shared.testing.databases import Databases
from shared.tests.notes import MIGRATIONS


@pytest.fixture
def empty(databases: Databases) -> ServerDatabase:
    return databases.create_empty("issues")


async def tables(url: str) -> set[str]:
    database = Database(url, application="look")
    async with database.engine.connect() as connection:
        found = set(
            (await connection.execute(sa.text("SELECT tablename FROM pg_tables WHERE schemaname='public'"))).scalars()
        )
    await database.close()
    return found


async def test_up_down_and_up_again(empty: ServerDatabase) -> None:
    assert await migrate(empty.owner_url, "issues", folder=MIGRATIONS) == "0003"
    full = await tables(empty.owner_url)
    assert {"notes", "diary", "outbox", "inbox", "dead_letters", "idempotency_keys", "relay_state"} <= full
    assert await downgrade(empty.owner_url, "issues", folder=MIGRATIONS) == "0002"
    assert await downgrade(empty.owner_url, "issues", "base", folder=MIGRATIONS) == "base"
    assert await tables(empty.owner_url) == {"alembic_version"}
    assert await migrate(empty.owner_url, "issues", folder=MIGRATIONS) == "0003"
    assert await tables(empty.owner_url) == full


async def test_two_migrators_at_once_are_no_harm(empty: ServerDatabase) -> None:
    results = await asyncio.gather(*(migrate(empty.owner_url, "issues", folder=MIGRATIONS) for _ in range(3)))
    assert results == ["0003"] * 3


async def test_a_head_file_that_is_behind_stops_everything(empty: ServerDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "HEAD").write_text("0002\n")
    with pytest.raises(RuntimeError, match="HEAD says 0002, the files end at 0003"):
        await migrate(empty.owner_url, "issues", folder=folder)


async def test_a_migration_that_cannot_get_its_lock_gives_up(empty: ServerDatabase) -> None:
    await migrate(empty.owner_url, "issues", "0002", folder=MIGRATIONS)
    reader = Database(empty.owner_url, application="reader")
    connection = await reader.open("BEGIN; SELECT * FROM notes")
    with pytest.raises(sa.exc.DBAPIError, match="lock timeout"):
        await downgrade(empty.owner_url, "issues", folder=MIGRATIONS, lock_timeout_ms=50)
    await reader.close_transaction(connection, commit=False)
    await reader.close()
    assert await downgrade(empty.owner_url, "issues", folder=MIGRATIONS) == "0001"


async def test_a_failed_migration_leaves_the_one_before(empty: ServerDatabase, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    (folder / "HEAD").write_text("0004\n")
    (folder / "versions" / "0004_break.py").write_text(
        "from alembic import op\nrevision, down_revision = '0004', '0003'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (id int)')\n    op.execute('SELECT 1/0')\n"
    )
    with pytest.raises(sa.exc.DBAPIError):
        await migrate(empty.owner_url, "issues", folder=folder)
    assert "half" not in await tables(empty.owner_url)
    database = Database(empty.app_url, application="look")
    async with database.engine.connect() as connection:
        assert await revision_in(connection) == "0003"
    await database.close()


async def test_the_serving_role_can_read_the_revision_and_an_empty_database_has_none(empty: ServerDatabase) -> None:
    database = Database(empty.app_url, application="look")
    async with database.engine.connect() as connection:
        assert await revision_in(connection) is None
        await migrate(empty.owner_url, "issues", folder=MIGRATIONS)
        assert await revision_in(connection) == head_of("issues", folder=MIGRATIONS)
    await database.close()


async def test_missing_roles_are_made_in_a_throw_away_cluster(databases: Databases, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    first = folder / "versions" / "0001_shared_tables.py"
    first.write_text(first.read_text().replace('"issues"', '"madeup"'))
    for path in (folder / "versions").glob("000[23]*.py"):
        path.unlink()
    (folder / "HEAD").write_text("0001\n")
    empty = databases.create_empty("issues")
    assert await migrate(empty.superuser_url, "madeup", folder=folder) == "0001"
    database = Database(empty.superuser_url, application="look")
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            sa.text("SELECT rolname, rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname LIKE 'madeup%' ORDER BY 1")
        )
        assert [tuple(row) for row in rows] == [("madeup_app", False, False), ("madeup_relay", False, False)]
    await database.close()


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        (sa.UniqueConstraint("text"), "must start with community"),
        (sa.ForeignKeyConstraint(["page_id"], ["pages.id"]), "must start with community"),
        (sa.Column("text", sa.Text, unique=True), "keys span"),
        (sa.Column("page_id", sa.Uuid, sa.ForeignKey("pages.id")), "keys span"),
        (sa.Column("id", sa.Uuid, primary_key=True), "keys span"),
    ],
)
def test_a_table_whose_keys_cross_communities_is_refused(item: sa.schema.SchemaItem, complaint: str) -> None:
    op = AlembicOperations(MigrationContext.configure(dialect_name="postgresql"))
    with pytest.raises(ValueError, match=complaint):
        tenant_table(op, "things", sa.Column("text", sa.Text), sa.Column("page_id", sa.Uuid), item)
