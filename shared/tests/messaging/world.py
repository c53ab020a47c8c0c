"""A small world for the tests of messaging: `issues` publishes withdrawals, `volunteers` writes one row for each.

Both are real: own databases with the shared tables, real NATS with the platform's streams, consumers and users.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import nats
from nats.aio.client import Client
from nats.js.errors import NotFoundError
from sqlalchemy import text

from deploy.nats.provision import provision
from shared.contracts.issues import IssueSigned, IssueWithdrawn
from shared.contracts.message import Message
from shared.database.engine import Database as Pool
from shared.database.migrations import migrate
from shared.database.unit_of_work import UnitOfWork, UnitOfWorkFactory
from shared.ids import new_id
from shared.messaging import AddressedMessage, Consumers, MessageContext
from shared.messaging.messaging import Messaging
from shared.messaging.settings import ConsumerSettings, MessagingSettings, RelaySettings, RetrySchedule
from shared.messaging.topology import CONSUMERS, STREAMS
from shared.testing.databases import Database
from shared.testing.servers import Nats, in_own_loop
from shared.transaction import one_transaction

COMMUNITY, NEIGHBOUR = "feicuicheng", "shuijing"
MIGRATIONS = Path(__file__).parent / "migrations"
ROOT = Path(__file__).resolve().parents[3]
PERSON = UUID(int=7)
TRIES = 4

QUICK = MessagingSettings(
    consumer=ConsumerSettings(
        retries=RetrySchedule(tries=TRIES, first=0.05, longest=0.4, gap_first=0.05, gap_tries=6),
        heartbeat_seconds=0.5,
        pull_expires_seconds=4.0,
        pull_heartbeat_seconds=0.5,
        check_seconds=0.25,
        stuck_seconds=2.0,
        drain_seconds=5.0,
    ),
    relay=RelaySettings(
        poll_seconds=0.1, ack_seconds=2.0, attempts=3, retry_first=0.02, retry_longest=0.05, measure_seconds=0.2
    ),
    connect_wait_seconds=10.0,
)
"""The platform's settings with short pauses."""


IMPATIENT = tuple(replace(consumer, ack_wait=2.0) for consumer in CONSUMERS)
"""The platform's consumers, but what a killed process held comes back after two seconds."""


def prepare(database: Database) -> None:
    """Bring an empty database of any service to the test service's shape."""
    in_own_loop(migrate(database.owner_url, database.service, folder=MIGRATIONS))


def make_impatient(server: Nats) -> None:
    """Change the consumers of a provisioned server."""
    in_own_loop(provision(server.url("provisioner"), streams=(), consumers=IMPATIENT))


def empty(server: Nats) -> None:
    """Make the streams of a server anew: messages of an earlier test would be consumed in the next one's database."""
    in_own_loop(_delete_used_streams(server.url("admin")))
    in_own_loop(provision(server.url("provisioner"), consumers=IMPATIENT))


async def _delete_used_streams(url: str) -> None:
    client = await admin(url)
    for stream in STREAMS:
        with suppress(NotFoundError):
            if (await client.jetstream().stream_info(stream.name)).state.last_seq > 0:
                await client.jetstream().delete_stream(stream.name)
    await client.close()


@dataclass(frozen=True, slots=True)
class Address:
    """Settings of one replica of a service."""

    service: str
    relay_database_url: str
    nats_url: str


@one_transaction
async def record_effect(context: MessageContext[UnitOfWork], uow: UnitOfWork) -> None:
    """The effect of the test service: one row."""
    envelope = context.envelope
    await uow.execute(
        text(
            "INSERT INTO effects (community, id, message_id, aggregate_id, version)"
            " VALUES (:community, :id, :message_id, :aggregate_id, :version)"
        ),
        {
            "community": uow.community,
            "id": new_id(),
            "message_id": envelope.id,
            "aggregate_id": envelope.aggregate_id,
            "version": envelope.aggregate_version,
        },
    )


Reaction = Callable[[Message, MessageContext[UnitOfWork]], Awaitable[None]]


async def apply_effect(_message: Message, context: MessageContext[UnitOfWork]) -> None:
    """The plain reaction: write the row."""
    await record_effect(context, context.uow)


@dataclass(slots=True)
class Service:
    """One replica of a service of the test world."""

    messaging: Messaging
    pool: Pool
    unit_of_work: UnitOfWorkFactory[UnitOfWork]
    deaths: list[str] = field(default_factory=list)
    """Why it would have ended its process."""

    async def publish(self, *messages: Message | AddressedMessage, community: str = COMMUNITY) -> None:
        """A command of this service that publishes."""
        await publish_with(self.unit_of_work, messages, community)

    async def stop(self) -> None:
        """Stop the replica."""
        await self.messaging.stop()
        await self.pool.close()


async def publish_with(
    factory: UnitOfWorkFactory[UnitOfWork], messages: Iterable[Message | AddressedMessage], community: str = COMMUNITY
) -> None:
    """A command that publishes, in one transaction."""
    async with factory(community, correlation_id="test-correlation") as uow:
        for message in messages:
            await uow.publish(message)
        await uow.finish(None)


def new_service(
    database: Database,
    nats_url: str,
    *,
    reactions: dict[type[Message], Reaction] | None = None,
    numbers: MessagingSettings = QUICK,
) -> Service:
    """A replica that is not started yet. Its consumer is that of the service for messages of `issues`."""
    consumers = Consumers(database.service)
    for message, reaction in (reactions or {}).items():
        consumers.consumes(message)(reaction)
    pool = Pool(database.app_url, application=database.service)
    factory = UnitOfWorkFactory(UnitOfWork, pool, wake=asyncio.Event())
    deaths: list[str] = []
    messaging = Messaging(
        Address(database.service, database.relay_url, nats_url),
        factory,
        consumers,
        numbers=numbers,
        fatal=deaths.append,
        topology=IMPATIENT,
    )
    return Service(messaging, pool, factory, deaths)


def withdrawn(issue_id: UUID) -> IssueWithdrawn:
    """A message that the test service reacts to."""
    return IssueWithdrawn(issue_id=issue_id, number="FCC-2026-000001", category="lighting", withdrawn_by=PERSON)


def signed(issue_id: UUID) -> IssueSigned:
    """A message that the test service has no handler for."""
    return IssueSigned(
        issue_id=issue_id,
        number="FCC-2026-000001",
        category="lighting",
        responsible_organisation=PERSON,
        signed_by=PERSON,
    )


async def rows(database: Database, query: str, *arguments: object) -> list[asyncpg.Record]:
    """Look into a database, past row security."""
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        return list(await connection.fetch(query, *arguments))
    finally:
        await connection.close()


async def effects(database: Database) -> list[tuple[UUID, int]]:
    """Aggregate and version of every effect, in the order in which they were written."""
    found = await rows(database, "SELECT aggregate_id, version FROM effects ORDER BY position")
    return [(row["aggregate_id"], row["version"]) for row in found]


async def unpublished(database: Database) -> int:
    """Messages in the outbox that were not acknowledged."""
    return int((await rows(database, "SELECT count(*) FROM outbox WHERE published_at IS NULL"))[0][0])


async def dead_letters(database: Database) -> list[asyncpg.Record]:
    """All dead letters, oldest first; no notes about messages on trial."""
    return await rows(database, "SELECT * FROM dead_letters WHERE reason <> 'on-trial' ORDER BY stream_seq")


async def nothing_waits(database: Database) -> bool:
    """Whether every message of the outbox was acknowledged."""
    return await unpublished(database) == 0


async def has_effects(database: Database, number: int) -> bool:
    """Whether at least so many effects were written."""
    return len(await effects(database)) >= number


async def until(true: Callable[[], Awaitable[object]], otherwise: str, seconds: float = 30.0) -> None:
    """Ask again and again until it is true; fail with this text when the time is over."""
    deadline = time.monotonic() + seconds
    while not await true():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise)
        await asyncio.sleep(0.02)


def in_order_once(found: Sequence[tuple[UUID, int]], aggregates: Iterable[UUID], versions: int) -> bool:
    """Whether each aggregate has its versions 1..n, each once and in this order."""
    return all(
        [version for aggregate, version in found if aggregate == wanted] == list(range(1, versions + 1))
        for wanted in aggregates
    )


async def admin(nats_url: str) -> Client:
    """A client with every right."""
    return await nats.connect(nats_url, allow_reconnect=False)


def slower(**changes: Any) -> MessagingSettings:
    """The quick settings with other numbers for consumers."""
    return replace(QUICK, consumer=replace(QUICK.consumer, **changes))


class Process:
    """A replica in a process of its own (process.py)."""

    def __init__(self, database: Database, nats_url: str, **told: object) -> None:
        given = {"database": asdict(database), "nats_url": nats_url, "community": COMMUNITY, **told}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shared.tests.messaging.process", json.dumps(given, default=str)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    async def says(self, word: str) -> None:
        """Wait until it prints this line."""
        if self.process.stdout is None:
            raise AssertionError("no output to read")
        while (line := await asyncio.to_thread(self.process.stdout.readline)).strip() != word:
            if not line:
                raise AssertionError(f"the process ended before it said {word}")

    async def ends(self) -> int:
        """Wait for its end; returns its exit status."""
        return await asyncio.to_thread(self.process.wait, 30)

    def kill(self) -> None:
        """End it as `kill -9` does, if it still runs."""
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
