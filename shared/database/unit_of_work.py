"""One transaction of one community: rows, messages and the proof that the work was done commit together.

It begins lazily: the first `execute` takes a connection, begins, binds the community and claims `once`. A command that only
checks its input therefore costs no connection. Services subclass `UnitOfWork` in `storage/` and add their stores.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar

import asyncpg
from sqlalchemy import CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, SystemClock
from shared.contracts.message import Message
from shared.database.engine import Database, driver_of, tenant_sql
from shared.database.failures import raise_refusal
from shared.messaging import outbox
from shared.messaging.outbox import AddressedMessage

if TYPE_CHECKING:
    from asyncpg import Record


class Once(Protocol):
    """Proof that a piece of work was done, kept in its own transaction: an idempotent answer or an inbox row."""

    async def claim(self, uow: "UnitOfWork") -> None:
        """Take the right to do the work. Raises (AlreadyAnswered, AlreadyProcessed) if it was done before."""
        ...

    async def complete(self, uow: "UnitOfWork", result: object) -> None:
        """Store the outcome."""
        ...


class UnitOfWork:
    """One transaction of one community. Use it with `async with`; `@one_transaction` does so for use cases."""

    def __init__(
        self,
        database: Database,
        community: str,
        *,
        clock: Clock,
        correlation_id: str,
        causation_id: str | None = None,
        once: Once | None = None,
        wake: asyncio.Event | None = None,
    ) -> None:
        self._begin_sql = f"BEGIN; {tenant_sql(community)}"
        self.database = database
        self.community = community
        self.clock = clock
        self.correlation_id = correlation_id
        self.causation_id = causation_id
        self.once = once
        self._wake = wake
        self._connection: AsyncConnection | None = None
        self._in_one_statement = False
        self.published: list[Message | AddressedMessage] = []
        """Messages of this transaction so far, in order; they become outbox rows in `finish`."""

    def now(self) -> datetime:
        """The present moment, UTC."""
        return self.clock.now()

    async def __aenter__(self) -> Self:
        """Start anew. No connection is taken before it is needed."""
        if self._connection is not None:
            raise RuntimeError("this unit of work is already open")
        self._in_one_statement = False
        self.published.clear()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit when nothing was raised, else roll back; then wake the relay."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self.database.close_transaction(connection, commit=kind is None)
        if kind is None and self.published and self._wake is not None:
            self._wake.set()

    @property
    def untouched(self) -> bool:
        """Whether no statement was executed yet, so that `in_one_statement` may still do all of the work."""
        return self._connection is None and not self._in_one_statement

    async def connection(self) -> AsyncConnection:
        """The open SQLAlchemy connection; begins the transaction if this is the first use. Only for storage code."""
        if self._connection is None:
            if self._in_one_statement:
                raise RuntimeError("this unit of work already did its work in one statement")
            self._connection = await self.database.open(self._begin_sql)
            if self.once is not None:
                await self.once.claim(self)
        return self._connection

    async def driver(self) -> "asyncpg.Connection[Any]":
        """The asyncpg connection of this transaction, for statements whose cost counts. Only for storage code."""
        return driver_of(await self.connection())

    async def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement of SQLAlchemy Core in this transaction. Only for storage code."""
        connection = self._connection or await self.connection()
        try:
            return await connection.execute(statement, parameters)
        except Exception as error:
            raise_refusal(error)

    async def fetch_row(self, sql: str, *arguments: object) -> "Record | None":
        """Run one statement of the driver (`$1`, `$2` …), for work whose cost counts; the first row or None. Only for storage code."""
        driver = await self.driver()
        try:
            return await driver.fetchrow(sql, *arguments)
        except Exception as error:
            raise_refusal(error)

    async def fetch_rows(self, sql: str, *arguments: object) -> "Sequence[Record]":
        """The same for all rows. Only for storage code."""
        driver = await self.driver()
        try:
            rows: Sequence[Record] = await driver.fetch(sql, *arguments)
        except Exception as error:
            raise_refusal(error)
        return rows

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that may fail alone: an error inside the block takes back the block and is raised on. Only for storage code."""
        driver = await self.driver()
        await driver.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            await driver.execute("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")
            raise
        await driver.execute("RELEASE SAVEPOINT part")

    async def in_one_statement(self, sql: str, *arguments: object) -> "Record | None":
        """Do the whole work of this transaction in one statement and one round trip, for a hot command.

        The statement stands alone (its end is its commit), so it must bind the community itself with `set_config('app.community', …, true)`,
        claim what `once` claims, and write the rows of `published`. Refused when something was executed before.
        """
        if self._connection is not None:
            raise RuntimeError("the transaction has begun; one statement cannot be all of it")
        self._in_one_statement = True
        connection = await self.database.open(None)
        try:
            return await driver_of(connection).fetchrow(sql, *arguments)
        except Exception as error:
            raise_refusal(error)
        finally:
            await self.database.release(connection)

    async def publish(self, message: "Message | AddressedMessage") -> None:
        """Let the others know, if and when this transaction commits."""
        self.published.append(message)

    async def finish(self, result: object) -> None:
        """Write the messages and the proof of the work into this transaction."""
        if self.published:
            await outbox.add(self, self.published)
        if self.once is not None:
            await self.connection()
            await self.once.complete(self, result)


U = TypeVar("U", bound=UnitOfWork)


class UnitOfWorkFactory(Generic[U]):
    """Builds units of work of one service. Made once in `main.py`: `UnitOfWorkFactory(IssuesUnitOfWork, database, wake=wake)`."""

    def __init__(
        self,
        kind: type[U],
        database: Database,
        *,
        clock: Clock | None = None,
        wake: asyncio.Event | None = None,
    ) -> None:
        self.kind = kind
        self.database = database
        self.clock = clock or SystemClock()
        self.wake = wake

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> U:
        """A unit of work for one community and one command."""
        return self.kind(
            self.database,
            community,
            clock=self.clock,
            correlation_id=correlation_id,
            causation_id=causation_id,
            once=once,
            wake=self.wake,
        )
