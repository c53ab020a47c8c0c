"""Migrations: what a service's migration files call, and the runner behind `python -m services.<name> migrate`.

`migrations/env.py` of a service is two lines: `from shared.database.migrations import run_migrations` and `run_migrations()`.
`migrations/HEAD` names the newest revision, so that two branches that both add one collide in git.
"""

import importlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.row_security import (
    Operations,
    app_role,
    ensure_roles,
    grant,
    grant_across_communities,
    secure_rows,
)
from shared.database.shared_tables import create_shared_tables, drop_shared_tables

__all__ = [
    "app_role",
    "create_shared_tables",
    "downgrade",
    "drop_shared_tables",
    "ensure_roles",
    "grant",
    "grant_across_communities",
    "head_of",
    "migrate",
    "revision_in",
    "run_migrations",
    "secure_rows",
    "tenant_table",
]

LOCK_TIMEOUT_MS = 5_000
"""A migration that cannot get its lock gives up instead of queueing all traffic behind it."""
STATEMENT_TIMEOUT_MS = 300_000
ONE_AT_A_TIME = 7_205_320_002
"""Advisory lock key: two migrators of one database wait for each other."""


def tenant_table(
    op: Operations,
    name: str,
    *columns: sa.schema.SchemaItem,
    key: tuple[str, ...] = ("id",),
    append_only: bool = False,
) -> None:
    """Create a table of a community: adds `community`, the primary key (community, *key), row-level security and rights.

    The serving role may select, insert, update and delete; with `append_only` only select and insert (ledgers, histories).
    Unique keys and foreign keys among `columns` must start with `community`.
    """
    for item in columns:
        if isinstance(item, sa.UniqueConstraint | sa.ForeignKeyConstraint):
            first = _first_column(item)
            if first != "community":
                raise ValueError(f"{name}: {item.__class__.__name__} must start with community, not {first}")
        if isinstance(item, sa.Column) and (item.unique or item.primary_key or item.foreign_keys):
            raise ValueError(f"{name}.{item.name}: keys span (community, …); write them as constraints of the table")
    op.create_table(
        name, sa.Column("community", sa.Text, nullable=False), *columns, sa.PrimaryKeyConstraint("community", *key)
    )
    secure_rows(op, name)
    grant(op, name, app_role(_service_of(op)), "select, insert" if append_only else "select, insert, update, delete")


def _first_column(item: sa.UniqueConstraint | sa.ForeignKeyConstraint) -> str:
    if isinstance(item, sa.ForeignKeyConstraint):
        return item.column_keys[0]
    pending: Any = getattr(item, "_pending_colargs", ())
    first = next(iter(pending), None)
    return first if isinstance(first, str) else str(getattr(first, "name", first))


def _service_of(op: Operations) -> str:
    config = op.get_context().config
    service = config.attributes.get("service") if config is not None else None
    if service is None:
        raise RuntimeError("migrations run through shared.database.migrations.migrate(owner_url, service)")
    return str(service)


def run_migrations() -> None:
    """The body of every service's `env.py`."""
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(connection=connection, transaction_per_migration=True, compare_server_default=False)
    with context.begin_transaction():
        context.run_migrations()


async def migrate(
    owner_url: str,
    service: str,
    revision: str = "head",
    *,
    folder: Path | None = None,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
) -> str:
    """Bring a service's database to `revision` as its owner; returns the revision it is at then. Safe to run twice, and by two at once."""
    return await _run(owner_url, service, lambda config: command.upgrade(config, revision), folder, lock_timeout_ms)


async def downgrade(
    owner_url: str,
    service: str,
    revision: str = "-1",
    *,
    folder: Path | None = None,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
) -> str:
    """Take back migrations down to `revision`; "base" takes back all. For tests and for a release that is rolled back."""
    return await _run(owner_url, service, lambda config: command.downgrade(config, revision), folder, lock_timeout_ms)


async def _run(owner_url: str, service: str, step: Any, folder: Path | None, lock_timeout_ms: int) -> str:
    config = _config(service, folder)
    engine = create_async_engine(
        owner_url,
        poolclass=NullPool,
        connect_args={
            "server_settings": {
                "application_name": f"{service}-migrate",
                "lock_timeout": str(lock_timeout_ms),
                "statement_timeout": str(STATEMENT_TIMEOUT_MS),
            }
        },
    )
    try:
        async with engine.connect() as connection:
            await connection.execute(sa.text(f"SELECT pg_advisory_lock({ONE_AT_A_TIME})"))
            await connection.commit()
            await connection.run_sync(lambda sync: _with_connection(config, sync, step))
            await connection.commit()
            return await revision_in(connection) or "base"
    finally:
        await engine.dispose()


def _with_connection(config: Config, connection: sa.Connection, step: Any) -> None:
    config.attributes["connection"] = connection
    step(config)


def _folder(service: str) -> Path:
    package = importlib.import_module(f"services.{service}")
    return Path(str(package.__path__[0])) / "migrations"


def _config(service: str, folder: Path | None) -> Config:
    folder = folder or _folder(service)
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["service"] = service
    heads = ScriptDirectory.from_config(config).get_heads()
    head = head_of(service, folder=folder)
    if list(heads) != [head]:
        raise RuntimeError(f"{service}: migrations/HEAD says {head}, the files end at {', '.join(heads) or 'nothing'}")
    return config


def head_of(service: str, *, folder: Path | None = None) -> str:
    """The revision this code needs, from `migrations/HEAD`."""
    return ((folder or _folder(service)) / "HEAD").read_text(encoding="utf-8").strip()


async def revision_in(connection: AsyncConnection) -> str | None:
    """The revision the database is at; None before the first migration."""
    try:
        found: str | None = (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).scalar()
    except (DBAPIError, SQLAlchemyError):
        return None
    return found
