"""The pool of a service, and transactions that are bound to one community from their first byte to their last.

The driver runs in autocommit mode and we send `BEGIN; SELECT set_config(...)` ourselves in one round trip. A connection that comes back to the
pool inside a transaction is closed, never handed on: nothing of one tenant can reach the next one.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
from sqlalchemy import event, text
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import PoolResetState

from shared.database.failures import raise_refusal

COMMUNITY_PATTERN = re.compile(r"[a-z][a-z0-9-]{1,39}")
"""Key of a community. Checked before it is written into SQL text."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """Sizes and time limits of a service's connections; the defaults suit one process on a small machine."""

    size: int = 8
    overflow: int = 2
    wait_seconds: float = 5.0
    statement_timeout_ms: int = 5_000
    lock_timeout_ms: int = 2_000
    idle_in_transaction_ms: int = 10_000
    answer_seconds: float = 8.0
    """Longer than the statement timeout: then the link is dead, not the statement slow."""
    connect_seconds: float = 5.0
    statements_kept: int = 500


class Database:
    """One service's access to its PostgreSQL database under one role."""

    def __init__(self, url: str, *, application: str, pool: PoolSettings | None = None) -> None:
        pool = pool or PoolSettings()
        self.pool_settings = pool
        self.engine: AsyncEngine = create_async_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=pool.size,
            max_overflow=pool.overflow,
            pool_timeout=pool.wait_seconds,
            pool_reset_on_return=None,
            pool_use_lifo=True,
            json_serializer=lambda value: orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode(),
            json_deserializer=orjson.loads,
            hide_parameters=True,  # they hold what residents wrote; errors end up in logs
            connect_args={
                "timeout": pool.connect_seconds,
                "command_timeout": pool.answer_seconds,
                "prepared_statement_cache_size": pool.statements_kept,
                "statement_cache_size": pool.statements_kept,
                "server_settings": {
                    "application_name": application,
                    "statement_timeout": str(pool.statement_timeout_ms),
                    "lock_timeout": str(pool.lock_timeout_ms),
                    "idle_in_transaction_session_timeout": str(pool.idle_in_transaction_ms),
                    "timezone": "UTC",
                    # Without it the planner would compile queries of a few rows for tens of milliseconds.
                    "jit": "off",
                },
            },
        )
        event.listen(self.engine.sync_engine, "reset", _refuse_open_transaction)
        event.listen(self.engine.sync_engine, "checkout", _refuse_dead_connection)

    @asynccontextmanager
    async def reading(self, community: str, *, one_moment: bool = False) -> AsyncIterator[AsyncConnection]:
        """A read-only transaction that sees one community, for queries. `one_moment`: all of them see the same state."""
        level = "ISOLATION LEVEL REPEATABLE READ " if one_moment else ""
        async with self.connected(f"BEGIN {level}READ ONLY; {tenant_sql(community)}") as connection:
            yield connection

    @asynccontextmanager
    async def connected(self, begin: str) -> AsyncIterator[AsyncConnection]:
        """A connection on which `begin` was sent; what it began is committed at the end, or rolled back on an error."""
        connection = await self.open(begin)
        try:
            yield connection
        except BaseException as error:
            await self.close_transaction(connection, commit=False)
            if isinstance(error, Exception):
                raise_refusal(error)
            raise
        await self.close_transaction(connection, commit=True)

    async def open(self, begin: str | None) -> AsyncConnection:
        """Take a connection and send `begin` (SQL text of ours) on it. `close_transaction` must follow.

        A connection that died while it lay in the pool is replaced without anybody noticing, as long as PostgreSQL is there.
        """
        for last in (False, True):
            try:
                connection = await self.engine.connect()
            except Exception as error:
                raise_refusal(error)
            if begin is None:
                return connection
            try:
                await driver_of(connection).execute(begin)
            except BaseException as error:
                # It may have begun all the same (we could have been cancelled meanwhile): no later user may find it so.
                driver_of(connection).terminate()
                await _given_back(connection)
                if not isinstance(error, Exception):
                    raise
                if last:
                    raise_refusal(error)
            else:
                return connection
        raise AssertionError("unreachable: the second round returns or raises")

    async def close_transaction(self, connection: AsyncConnection, *, commit: bool) -> None:
        """Commit or roll back, and give the connection back even if our task is being cancelled.

        Raises RuntimeError when there was nothing left to commit because a statement failed and its error was swallowed.
        """
        try:
            if connection.invalidated:  # a cancelled or broken statement: SQLAlchemy has closed the link already
                if commit:
                    raise RuntimeError("a failed statement was passed over: the connection is gone")
                return
            driver = driver_of(connection)
            if commit:
                try:
                    done = await driver.execute("COMMIT")
                except Exception as error:
                    raise_refusal(error)
                if done != "COMMIT":
                    raise RuntimeError("a failed statement was passed over: the transaction could not be committed")
            elif not driver.is_closed() and driver.is_in_transaction():
                await _shielded(_roll_back(driver))
        finally:
            await _given_back(connection)

    async def release(self, connection: AsyncConnection) -> None:
        """Give back a connection on which nothing was begun."""
        await _given_back(connection)

    async def answers(self) -> None:
        """Ask the database for a sign of life; raises Unavailable when there is none."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:
            raise_refusal(error)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def tenant_sql(community: str) -> str:
    """The statement that binds the current transaction to a community. Raises ValueError for anything that is no community key."""
    if not COMMUNITY_PATTERN.fullmatch(community):
        raise ValueError(f"not a community: {community!r}")
    return f"SELECT set_config('app.community', '{community}', true)"


def driver_of(connection: AsyncConnection) -> "asyncpg.Connection[Any]":
    """The asyncpg connection under a SQLAlchemy connection, for hot statements."""
    sync = connection.sync_connection
    if sync is None:
        raise RuntimeError("the connection is not open")
    driver: asyncpg.Connection[Any] = sync.connection.driver_connection
    return driver


async def _roll_back(driver: "asyncpg.Connection[Any]") -> None:
    try:
        await driver.execute("ROLLBACK")
    except Exception:
        # The link is broken or hangs: closing it rolls back as well.
        driver.terminate()


async def _given_back(connection: AsyncConnection) -> None:
    await _shielded(connection.close())


async def _shielded(work: Any) -> None:
    """Finish a piece of cleaning up although our task is cancelled, then let the cancellation go on."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _refuse_open_transaction(dbapi_connection: Any, _record: Any, _state: PoolResetState) -> None:
    """A connection that comes back in mid-transaction would carry one tenant's setting to the next: the pool throws it away."""
    driver = dbapi_connection.driver_connection
    if not driver.is_closed() and driver.is_in_transaction():
        driver.terminate()
        raise RuntimeError("a connection came back to the pool inside a transaction and was closed")


def _refuse_dead_connection(dbapi_connection: Any, _record: Any, _proxy: Any) -> None:
    """A connection whose link was cut while it lay in the pool is replaced by a new one."""
    if dbapi_connection.driver_connection.is_closed():
        raise DisconnectionError
