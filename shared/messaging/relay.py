"""Publishes the outbox: one writer per service, in order per aggregate, each message until the server has acknowledged it.

A task in every replica; the one that holds the advisory lock relays, over the connection that holds the lock. It is
woken by commits of its own process, by a ping over core NATS from the others, and by a poll, which is the truth. It selects
unpublished rows by position and never remembers a "last id", so a transaction that commits late is not overlooked.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.messaging import metrics
from shared.messaging.connection import Broker
from shared.messaging.ending import end
from shared.messaging.memory import BrokerMemory
from shared.messaging.publishing import Fault, Outcome, Publisher, Refusal, Row
from shared.messaging.settings import RelaySettings
from shared.observability.logging import get_logger

log = get_logger("messaging")

LOCK = "SELECT pg_try_advisory_lock(7205320003)"
"""Advisory locks belong to a database, and each service has its own."""

STEP = """
WITH marked AS (
    UPDATE outbox SET published_at = clock_timestamp(), stream_seq = stored.seq, last_error = NULL
    FROM unnest($1::uuid[], $2::bigint[]) AS stored (id, seq) WHERE outbox.id = stored.id
)
SELECT id, community, aggregate_id, aggregate_version, type, stream, subject, data, correlation_id, causation_id, occurred_at
FROM outbox AS waiting
WHERE published_at IS NULL AND parked_at IS NULL AND id <> ALL ($1::uuid[]) AND aggregate_id <> ALL ($3::uuid[])
  AND NOT EXISTS (SELECT 1 FROM outbox AS parked
                  WHERE parked.aggregate_id = waiting.aggregate_id AND parked.parked_at IS NOT NULL)
ORDER BY position
LIMIT $4
"""
"""Marks what was acknowledged and fetches what is next, in one round trip."""

REFUSED = """
UPDATE outbox SET attempts = attempts + 1, last_error = $2,
                  parked_at = CASE WHEN attempts + 1 >= $3 THEN clock_timestamp() END
WHERE id = $1 RETURNING attempts, parked_at
"""

DATABASE_ERRORS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


def wake_subject(service: str) -> str:
    """Core NATS subject that tells the relaying replica of a service about new messages."""
    return f"mulin.wake.{service}"


class Relay:
    """The relay of one replica."""

    def __init__(
        self,
        service: str,
        broker: Broker,
        database_url: str,
        *,
        streams: Sequence[str],
        wake: asyncio.Event,
        settings: RelaySettings,
    ) -> None:
        self._service = service
        self._broker = broker
        self._dsn = database_url.replace("+asyncpg", "", 1)
        self._wake = wake
        self._settings = settings
        self._publisher = Publisher(broker, ack_seconds=settings.ack_seconds, window=settings.window, wake=wake)
        self._memory = BrokerMemory(service, streams, settings.chunk)
        self._memory_checked = False
        self._resting: dict[UUID, float] = {}
        self._subscribed = False
        self._task: asyncio.Task[None] | None = None
        self.is_leader = False
        """Whether this replica publishes."""
        self.turned = time.monotonic()
        """Monotonic time of the last round; a relay that is alive turns at least once per poll."""

    async def start(self) -> None:
        """Begin to relay, or to wait for the lock."""
        self._broker.on_connected.append(self._on_connected)
        self._task = asyncio.create_task(self._run(), name=f"{self._service} relays")

    async def stop(self) -> None:
        """Stop; what is in flight is published again by the next one, and recognised."""
        if self._task is not None:
            await end([self._task])
        self._lead(False)

    async def _on_connected(self) -> None:
        """The server may be another one than before: look before publishing."""
        self._memory_checked = False
        if not self._subscribed:
            self._subscribed = True
            await self._broker.client.subscribe(wake_subject(self._service), cb=self._on_ping)
        self._wake.set()

    async def _on_ping(self, _: Msg) -> None:
        if self.is_leader:  # a follower that answered its own ping would never be quiet again
            self._wake.set()

    async def _run(self) -> None:
        """Keep a connection to the database; with each new one the lock has to be won anew."""
        while True:
            connection: asyncpg.Connection[Any] | None = None
            try:
                connection = await asyncpg.connect(
                    self._dsn,
                    timeout=5,
                    command_timeout=30,
                    server_settings={
                        "application_name": f"{self._service}-relay",
                        "statement_timeout": "20s",
                        "jit": "off",
                        "synchronous_commit": "off",  # a lost mark costs a second publish, which the server drops
                    },
                )
                await self._with(connection)
            except DATABASE_ERRORS as error:
                log.warning("relay.database_lost", reason=str(error) or type(error).__name__)
            except Exception:
                log.exception("relay.failed")
            finally:
                self._lead(False)
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(self._settings.poll_seconds)

    async def _with(self, connection: "asyncpg.Connection[Any]") -> None:
        while not await connection.fetchval(LOCK):
            await self._follow()
        self._lead(True)
        self._memory_checked = False
        self._publisher.forget_flying()
        self._publisher.take()
        while True:
            self.turned = time.monotonic()
            if not (self._broker.connected.is_set() and self._memory_checked):
                # What the old connection acknowledged is kept before anybody compares memories, or a loss would be overlooked.
                await self._keep(connection, self._publisher.take().stored)
                self._publisher.forget_flying()
                if not await self._may_publish(connection):
                    await self._pause()
                    continue
            self._wake.clear()
            outcome = self._publisher.take()
            if await self._note_refusals(connection, outcome):
                await self._keep(connection, outcome.stored)
                await asyncio.sleep(self._settings.poll_seconds)
                continue
            if outcome.stored:
                await self._memory.learn(connection, outcome.stored)
            room = self._publisher.room
            rows = await self._step(connection, outcome.stored, room)
            if rows:
                await self._publisher.send(rows)
            if len(rows) < room or self._publisher.room == 0:
                await self._pause()

    async def _keep(self, connection: "asyncpg.Connection[Any]", stored: Sequence[tuple[Row, int]]) -> None:
        """Mark what was acknowledged and fetch nothing."""
        if stored:
            await self._memory.learn(connection, stored)
            await self._step(connection, stored, 0)

    async def _follow(self) -> None:
        """Another replica relays: tell it about our commits, and see now and then whether it is still there."""
        self.turned = time.monotonic()
        if await self._pause() and self._broker.is_connected:
            self._wake.clear()
            await self._broker.client.publish(wake_subject(self._service))

    async def _pause(self) -> bool:
        """Wait for a wake-up, but not longer than the poll. True if woken."""
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the wake-up.
            async with asyncio.timeout(self._settings.poll_seconds):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True

    async def _may_publish(self, connection: "asyncpg.Connection[Any]") -> bool:
        """Only to a broker that is there and whose memory was compared with ours."""
        self._wake.clear()
        if not self._broker.connected.is_set():
            return False
        self._memory_checked = True  # a reconnect during the check asks for another one
        try:
            await self._memory.check(connection, self._broker.client.jetstream(timeout=5))
        except (NatsError, TimeoutError) as error:
            self._memory_checked = False
            log.warning("relay.streams_not_compared", reason=str(error) or type(error).__name__)
            return False
        return True

    async def _step(
        self, connection: "asyncpg.Connection[Any]", stored: Sequence[tuple[Row, int]], limit: int
    ) -> list[Row]:
        """Mark what was acknowledged, fetch what is next: nothing of aggregates that rest or have a message on its way."""
        now = asyncio.get_running_loop().time()
        self._resting = {aggregate: until for aggregate, until in self._resting.items() if until > now}
        records = await connection.fetch(
            STEP,
            [row.id for row, _ in stored],
            [seq for _, seq in stored],
            [*self._resting, *self._publisher.aggregates()],
            limit,
        )
        metrics.OUTBOX_PUBLISHED.labels(self._service).inc(len(stored))
        return [Row.of(record) for record in records]

    async def _note_refusals(self, connection: "asyncpg.Connection[Any]", outcome: Outcome) -> bool:
        """Count refusals against their rows; True if the broker itself is the trouble and we had better wait."""
        broker_trouble = False
        for refusal in outcome.refused:
            if refusal.fault is Fault.ROW or (
                refusal.fault is Fault.NO_STREAM and await self._stream_is_there(refusal)
            ):
                await self._count(connection, refusal)
            else:
                broker_trouble = True
                log.warning("relay.nats_takes_nothing", stream=refusal.row.stream, reason=refusal.text)
        return broker_trouble

    async def _stream_is_there(self, refusal: Refusal) -> bool:
        try:
            await self._broker.client.jetstream(timeout=2).stream_info(refusal.row.stream)
        except (NatsError, TimeoutError):
            return False
        return True

    async def _count(self, connection: "asyncpg.Connection[Any]", refusal: Refusal) -> None:
        """One more failed attempt of a row: let its aggregate rest, in the end park it for a person to look at."""
        row = refusal.row
        found = await connection.fetchrow(REFUSED, row.id, refusal.text[:2000], self._settings.attempts)
        if found is None:
            return
        self._resting[row.aggregate_id] = asyncio.get_running_loop().time() + self._settings.retry_delay(
            found["attempts"]
        )
        log.error(
            "relay.message_refused" if found["parked_at"] is None else "relay.message_parked",
            message_id=str(row.id),
            attempts=found["attempts"],
            reason=refusal.text,
        )

    def _lead(self, leader: bool) -> None:
        if leader != self.is_leader:
            log.info("relay.leads" if leader else "relay.follows")
        self.is_leader = leader
        metrics.RELAY_LEADER.labels(self._service).set(1 if leader else 0)
