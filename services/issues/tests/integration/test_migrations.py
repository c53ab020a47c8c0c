"""The schema comes up from nothing, goes down step by step and comes up again; it is the one the code believes in."""

from datetime import date
from typing import Any

import asyncpg
from sqlalchemy import Column
from sqlalchemy.dialects import postgresql

from services.issues.storage.tables.parts import metadata
from shared.database.migrations import downgrade, head_of, migrate
from shared.testing.databases import Databases

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
TYPE_NAMES = {
    "TEXT": "text",
    "UUID": "uuid",
    "INTEGER": "int4",
    "SMALLINT": "int2",
    "BOOLEAN": "bool",
    "JSONB": "jsonb",
    "BYTEA": "bytea",
    "DATE": "date",
    "TIME": "time",
    "BIGINT": "int8",
    "NUMERIC": "numeric",
    "FLOAT": "float8",
    "INTERVAL": "interval",
    "UUID[]": "_uuid",
    "TIMESTAMP": "timestamptz",
}


async def test_migrations_go_up_from_empty_down_to_nothing_and_up_again(databases: Databases) -> None:
    database = databases.create_empty("issues")
    try:
        head = head_of("issues")
        assert await migrate(database.owner_url, "issues") == head
        for number in range(int(head) - 1, 0, -1):
            assert await downgrade(database.owner_url, "issues") == f"{number:04d}"
        assert await downgrade(database.owner_url, "issues") == "base"
        connection = await asyncpg.connect(database.plain(database.superuser_url))
        left = await connection.fetch(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = 'public' AND relkind IN ('r', 'S', 'v') AND relname <> 'alembic_version'"
        )
        await connection.close()
        assert left == []
        assert await migrate(database.owner_url, "issues") == head
    finally:
        databases.drop(database)


async def test_the_tables_of_the_code_are_those_of_the_database(databases: Databases) -> None:
    database = databases.create("issues")
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        for table in metadata.tables.values():
            found = await connection.fetch(
                "SELECT column_name, udt_name, is_nullable FROM information_schema.columns WHERE table_name = $1",
                table.name,
            )
            stored = {row["column_name"]: (row["udt_name"], row["is_nullable"] == "YES") for row in found}
            believed = {column.name: (udt_of(column), bool(column.nullable)) for column in table.columns}
            assert stored == believed, table.name
    finally:
        await connection.close()
        databases.drop(database)


def udt_of(column: Column[Any]) -> str:
    """PostgreSQL's own name of the column's type."""
    return TYPE_NAMES[column.type.compile(dialect=DIALECT).split("(")[0].split(" ")[0]]


async def test_counts_that_were_there_before_are_added_up_by_thirds_of_months_and_by_quarters(
    databases: Databases,
) -> None:
    database = databases.create("issues")
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    days = [date(2026, 1, 10), date(2026, 1, 11), date(2026, 1, 31), date(2026, 3, 31), date(2026, 4, 1)]
    try:
        while await downgrade(database.owner_url, "issues") != "0030":
            pass
        for community, amount in (("feicuicheng", 1), ("xinhua", 10)):
            await connection.executemany(
                "INSERT INTO report_rollups VALUES ($1, 1, 'place', 'day', $2, 'b', 'registered', $3)",
                [(community, day, amount) for day in days],
            )
        await migrate(database.owner_url, "issues")
        found = await connection.fetch(
            "SELECT community, grain, period, value FROM report_rollups WHERE grain <> 'day' ORDER BY 1, 2, 3"
        )
        added = [
            ("dekad", date(2026, 1, 1), 1),
            ("dekad", date(2026, 1, 11), 1),
            ("dekad", date(2026, 1, 21), 1),
            ("dekad", date(2026, 3, 21), 1),
            ("dekad", date(2026, 4, 1), 1),
            ("quarter", date(2026, 1, 1), 4),
            ("quarter", date(2026, 4, 1), 1),
        ]
        assert [tuple(row) for row in found] == [
            (community, grain, start, amount * value)
            for community, amount in (("feicuicheng", 1), ("xinhua", 10))
            for grain, start, value in added
        ]
    finally:
        await connection.close()
        databases.drop(database)
