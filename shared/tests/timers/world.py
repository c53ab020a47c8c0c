"""A small service with timers: its handlers write one row per ring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from shared.clock import FrozenClock
from shared.database.engine import Database as Pool
from shared.database.engine import PoolSettings
from shared.database.migrations import migrate
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.errors import Conflict
from shared.ids import new_id
from shared.testing.databases import Database
from shared.testing.servers import in_own_loop
from shared.timers import Ring, Timers
from shared.timers.settings import TimerSettings
from shared.timers.store import PostgresTimers
from shared.timers.sweeper import Sweeper
from shared.transaction import one_transaction

COMMUNITY, NEIGHBOUR = "feicuicheng", "shuijing"
MIGRATIONS = Path(__file__).parent / "migrations"
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUICK = TimerSettings(poll_seconds=0.05, lease_seconds=60.0, measure_seconds=0.1)


def prepare(database: Database) -> None:
    """Bring an empty database to the shape of the test service."""
    in_own_loop(migrate(database.owner_url, database.service, folder=MIGRATIONS))


class TimedUnitOfWork(UnitOfWork):
    """A unit of work that has timers and nothing else."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.timers = PostgresTimers(self)


@dataclass(frozen=True, slots=True)
class RecordRing:
    """What the use case of the test service is told."""

    ring: Ring
    replica: str
    again_at: datetime | None = None


@one_transaction
async def record_ring(command: RecordRing, uow: TimedUnitOfWork) -> None:
    """The effect: one row, and the next timer if there is one."""
    ring = command.ring
    await uow.execute(
        text(
            "INSERT INTO rings (community, id, kind, subject, key, due_at, replica)"
            " VALUES (:community, :id, :kind, :subject, :key, :due_at, :replica)"
        ),
        {
            "community": uow.community,
            "id": new_id(),
            "kind": ring.kind,
            "subject": ring.subject,
            "key": ring.key,
            "due_at": ring.due_at,
            "replica": command.replica,
        },
    )
    if command.again_at is not None:
        await uow.timers.set(ring.kind, ring.subject, command.again_at, ring.key)


class Refused(Conflict):
    """What a handler of the test service refuses with."""

    slug = "refused-by-the-test"


Handler = Callable[[Ring, Any], Awaitable[None]]


class Replica:
    """One replica of the test service. Its sweeper runs only inside `async with replica.sweeper`."""

    def __init__(
        self,
        database: Database,
        clock: FrozenClock,
        name: str = "one",
        *,
        handlers: dict[str, Handler] | None = None,
        **settings: Any,
    ) -> None:
        self.name = name
        self.clock = clock
        self.pool = Pool(database.app_url, application=name, pool=PoolSettings(size=6, overflow=2))
        self.relay_pool = Pool(database.relay_url, application=f"{name}-relay", pool=PoolSettings(size=2))
        self.unit_of_work = UnitOfWorkFactory(TimedUnitOfWork, self.pool, clock=clock)
        timers = Timers(database.service)
        for kind, handler in {"plain": self.record, **(handlers or {})}.items():
            timers.rings(kind)(handler)
        self.sweeper = Sweeper(
            timers, self.unit_of_work, self.relay_pool, clock=clock, settings=replace(QUICK, **settings)
        )

    async def record(self, ring: Ring, uow: TimedUnitOfWork) -> None:
        """The plain handler."""
        await record_ring(RecordRing(ring, self.name), uow)

    async def set(
        self, due_at: datetime, kind: str = "plain", subject: UUID | None = None, key: str = "", to: str = COMMUNITY
    ) -> UUID:
        """A command that sets a timer; returns its subject."""
        subject = subject or new_id()
        async with self.unit_of_work(to, correlation_id="test") as uow:
            await uow.timers.set(kind, subject, due_at, key)
        return subject

    async def cancel(self, kind: str, subject: UUID) -> None:
        """A command that cancels one."""
        async with self.unit_of_work(COMMUNITY, correlation_id="test") as uow:
            await uow.timers.cancel(kind, subject)

    async def close(self) -> None:
        """Close the pools."""
        await self.pool.close()
        await self.relay_pool.close()


async def rows(database: Database, query: str, *arguments: object) -> list[asyncpg.Record]:
    """Look into a database, past row security."""
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


async def rung(database: Database) -> list[UUID]:
    """Subjects of all effects, in the order in which they were written."""
    return [row["subject"] for row in await rows(database, "SELECT subject FROM rings ORDER BY position")]
