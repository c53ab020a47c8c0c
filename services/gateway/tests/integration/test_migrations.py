"""Migrations: up from empty, down one by one, up again."""

import asyncpg

from services.gateway.storage.tables import metadata
from shared.database.migrations import downgrade, head_of, migrate
from shared.testing.databases import Database, Databases


async def tables_of(database: Database) -> set[str]:
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


async def test_up_from_empty_down_one_by_one_and_up_again(databases: Databases) -> None:
    database = databases.create_empty("gateway")
    try:
        head = head_of("gateway")
        assert await migrate(database.owner_url, "gateway") == head
        assert await migrate(database.owner_url, "gateway") == head, "running it twice is fine"
        assert set(metadata.tables) <= await tables_of(database)
        for revision in range(int(head) - 1, 0, -1):
            assert await downgrade(database.owner_url, "gateway") == f"{revision:04}"
        assert await downgrade(database.owner_url, "gateway") == "base"
        assert await tables_of(database) == {"alembic_version"}
        assert await migrate(database.owner_url, "gateway") == head
    finally:
        databases.drop(database)
