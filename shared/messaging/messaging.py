"""Everything a service needs for messages, behind one object that `main.py` makes and hands to `create_app`.

    messaging = Messaging(settings, unit_of_work, consumers)
    app = create_app(..., routers=[..., messaging.router], lifespan=[messaging], liveness=messaging.liveness,
                     readiness={**readiness, **messaging.readiness})
    app.state.messaging = messaging

It connects, compares the server with the topology, relays the outbox and works on what the service consumes. NATS being
away makes a service neither dead nor unready: commands go on, the outbox waits.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

from shared.clock import Clock, SystemClock
from shared.contracts.catalogue import all_messages
from shared.database.engine import Database, PoolSettings
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.http.health import Check, Unfit
from shared.http.routing import Router
from shared.messaging.bookkeeping import Bookkeeping
from shared.messaging.connection import Broker, Fatal, exit_process
from shared.messaging.consumers import Consumers
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.drift import refuse_drift
from shared.messaging.engine import Engine
from shared.messaging.housekeeping import Housekeeping
from shared.messaging.liveness import Liveness
from shared.messaging.operations import operations_router
from shared.messaging.relay import Relay
from shared.messaging.settings import MessagingSettings
from shared.messaging.topology import CONSUMERS, STREAMS, Consumer, streams_of

RELAY_POOL = PoolSettings(size=3, overflow=2)
"""Bookkeeping, housekeeping and health; the relay itself has a connection of its own."""
RELAY_SILENT_SECONDS = 60.0


class Settings(Protocol):
    """What is needed of a service's settings."""

    @property
    def service(self) -> str:
        """Name of the service."""
        ...

    @property
    def relay_database_url(self) -> str | None:
        """Address of the database for the relay role."""
        ...

    @property
    def nats_url(self) -> str | None:
        """Address of NATS with user and password."""
        ...


class Messaging:
    """Relay, consumers, their health and their dead letters. An async context manager: entered at start, left at stop."""

    def __init__(
        self,
        settings: Settings,
        unit_of_work: UnitOfWorkFactory[Any],
        consumers: Consumers | None = None,
        *,
        clock: Clock | None = None,
        numbers: MessagingSettings | None = None,
        fatal: Fatal = exit_process,
        topology: Sequence[Consumer] = CONSUMERS,
    ) -> None:
        if not settings.relay_database_url or not settings.nats_url:
            raise SystemExit("messaging needs the settings MULIN_RELAY_DATABASE_URL and MULIN_NATS_URL")
        all_messages()  # consumers of everything must know every type
        self.service = settings.service
        self.consumers = consumers or Consumers(settings.service)
        self.numbers = numbers or MessagingSettings()
        clock = clock or SystemClock()
        self.wake = unit_of_work.wake or asyncio.Event()
        unit_of_work.wake = self.wake
        self.database = Database(
            settings.relay_database_url, application=f"{self.service}-bookkeeping", pool=RELAY_POOL
        )
        self.broker = Broker(settings.nats_url, self.service, fatal=fatal)
        self.broker.ready.append(self._compare)
        self.relay = Relay(
            self.service,
            self.broker,
            settings.relay_database_url,
            streams=streams_of(self.service),
            wake=self.wake,
            settings=self.numbers.relay,
        )
        bookkeeping = Bookkeeping(self.database)
        slots = asyncio.Semaphore(self.numbers.consumer.handlers_in_all)
        self.engines = [
            Engine(
                durable,
                self.broker,
                unit_of_work,
                bookkeeping,
                clock=clock,
                settings=self.numbers.consumer,
                slots=slots,
            )
            for durable in self.consumers.durables()
        ]
        self._expected = [_expected(topology, engine.durable.name) for engine in self.engines]
        self._watches = [Liveness(engine, self.broker, self.numbers.consumer, fatal) for engine in self.engines]
        self._housekeeping = Housekeeping(
            self.service,
            self.database,
            clock=clock,
            settings=self.numbers.relay,
            is_leader=lambda: self.relay.is_leader,
        )
        self.dead_letters = DeadLetters(
            self.database, self.consumers, unit_of_work, clock=clock, settings=self.numbers.consumer
        )
        self.router: Router = operations_router(self.service, self.dead_letters)
        self.liveness: Mapping[str, Check] = {"consumers": self._hear, "relay": self._relays}
        """Checks whose failure means: start this process anew."""
        self.readiness: Mapping[str, Check] = {}
        """None: a service without NATS serves all the same."""

    async def start(self) -> None:
        """Connect and begin. Raises when NATS refuses our password or differs from the topology."""
        for engine in self.engines:
            await engine.start()
        await self.relay.start()
        await self._housekeeping.start()
        for watch in self._watches:
            await watch.start()
        try:
            await self.broker.start(self.numbers.connect_wait_seconds)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Finish what is being handled, give back the rest, close. Takes at most the drain time and a little."""
        for watch in self._watches:
            await watch.stop()
        await asyncio.gather(*(engine.stop() for engine in self.engines))
        await self.relay.stop()
        await self._housekeeping.stop()
        await self.broker.stop()
        await self.database.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    async def _compare(self) -> None:
        streams = [stream for stream in STREAMS if stream.name in streams_of(self.service)]
        await refuse_drift(self.broker.client.jetstream(timeout=5), streams, self._expected)

    async def _hear(self) -> None:
        problems = [watch.problem for watch in self._watches if watch.problem is not None]
        if problems:
            raise Unfit("; ".join(problems))

    async def _relays(self) -> None:
        silent = time.monotonic() - self.relay.turned
        if silent > RELAY_SILENT_SECONDS:
            raise Unfit(f"the relay has not turned for {silent:.0f} s")


def _expected(topology: Sequence[Consumer], durable: str) -> Consumer:
    """The topology's word on a durable. A handler for a message that nobody would deliver is a mistake in the code."""
    for consumer in topology:
        if consumer.durable == durable:
            return consumer
    raise RuntimeError(f"{durable}: not in shared/messaging/topology.py, so it would never get a message")
