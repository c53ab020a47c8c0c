"""Notices a consumer that looks well and hears nothing: deleted on the server, or waiting messages and no progress.

A connection that answers pings proves nothing about a consumer. A deaf one first fails the health check and then ends the
process, so that a fresh one compares itself with the topology. NATS being away is no such case: it comes back.
"""

import asyncio
import time

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from shared.messaging.connection import Broker, Fatal
from shared.messaging.ending import end
from shared.messaging.engine import Engine
from shared.messaging.settings import ConsumerSettings
from shared.observability.logging import get_logger

log = get_logger("messaging")

TIMES_GONE = 2
"""Looks in a row at which a consumer must be missing before the process ends."""


class Liveness:
    """Watches one engine."""

    def __init__(self, engine: Engine, broker: Broker, settings: ConsumerSettings, fatal: Fatal) -> None:
        self._engine = engine
        self._broker = broker
        self._settings = settings
        self._fatal = fatal
        self._gone = 0
        self._last = (0, 0)
        self._moved_at = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self.problem: str | None = None
        """What is wrong with this consumer, if anything."""

    async def start(self) -> None:
        """Begin to watch."""
        self._moved_at = time.monotonic()
        self._task = asyncio.create_task(self._watch(), name=f"{self._engine.durable.name} is watched")

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            await end([self._task])

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._settings.check_seconds)
            if self._broker.is_connected:
                await self._look()
            else:
                self._moved_at = time.monotonic()

    async def _look(self) -> None:
        durable = self._engine.durable
        try:
            info = await self._broker.client.jetstream(timeout=5).consumer_info(durable.stream, durable.name)
        except NotFoundError:
            self._is_gone()
            return
        except (NatsError, TimeoutError) as error:
            log.warning("consumer.not_told", consumer=durable.name, reason=str(error) or type(error).__name__)
            return
        self._gone = 0
        delivered = info.delivered.stream_seq if info.delivered is not None else 0
        limit = info.config.max_ack_pending or 0
        # Messages that wait for their next try count as pending acknowledgements: with the limit reached, silence is right.
        may_hear = bool(info.num_pending) and self._engine.custody.held == 0 and (info.num_ack_pending or 0) < limit
        self._judge((delivered, self._engine.custody.settled), may_hear=may_hear)

    def _is_gone(self) -> None:
        self._gone += 1
        self.problem = f"consumer {self._engine.durable.name} does not exist on the server"
        log.error("consumer.gone", consumer=self._engine.durable.name, count=self._gone)
        if self._gone >= TIMES_GONE:
            self._fatal(self.problem)

    def _judge(self, now_at: tuple[int, int], *, may_hear: bool) -> None:
        now = time.monotonic()
        if now_at != self._last or not may_hear:
            self._last, self._moved_at, self.problem = now_at, now, None
            return
        deaf = now - self._moved_at
        if deaf >= self._settings.stuck_seconds:
            self.problem = f"consumer {self._engine.durable.name} has waiting messages and hears none"
            log.error("consumer.deaf", consumer=self._engine.durable.name, seconds=round(deaf, 1))
        if deaf >= 2 * self._settings.stuck_seconds and self.problem is not None:
            self._fatal(self.problem)
