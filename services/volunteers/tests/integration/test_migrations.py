"""The schema comes up from nothing, goes down one step and comes up again."""

from services.volunteers.storage.tables import metadata
from services.volunteers.tests.integration.ledgers import connected
from shared.database.migrations import downgrade, head_of, migrate
from shared.testing.databases import Databases


async def test_migrations_go_up_from_empty_down_to_nothing_and_up_again(databases: Databases) -> None:
    database = databases.create_empty("volunteers")
    try:
        head = head_of("volunteers")
        assert await migrate(database.owner_url, "volunteers") == head
        for number in range(int(head) - 1, 0, -1):
            assert await downgrade(database.owner_url, "volunteers") == f"{number:04d}"
        assert await downgrade(database.owner_url, "volunteers") == "base"
        async with connected(database, database.superuser_url) as connection:
            left = await connection.fetch(
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                " WHERE nspname = 'public' AND relkind IN ('r', 'S', 'v') AND relname <> 'alembic_version'"
            )
            functions = await connection.fetch(
                "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
            )
        assert (left, functions) == ([], [])
        assert await migrate(database.owner_url, "volunteers") == head
        assert await migrate(database.owner_url, "volunteers") == head
    finally:
        databases.drop(database)


async def test_the_tables_of_the_code_are_those_of_the_database(databases: Databases) -> None:
    database = databases.create("volunteers")
    try:
        async with connected(database, database.superuser_url) as connection:
            for table in metadata.tables.values():
                columns = await connection.fetch(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = $1", table.name
                )
                assert {row["column_name"] for row in columns} == {column.name for column in table.columns}, table.name
    finally:
        databases.drop(database)
