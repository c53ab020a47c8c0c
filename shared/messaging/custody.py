"""Messages that a consumer holds: told to the server as in progress, acknowledged or given back, and how old they are."""

import asyncio
import time
from datetime import UTC, datetime

from nats.errors import Error as NatsError

from shared.messaging import metrics
from shared.messaging.pull import Delivery, Pull
from shared.messaging.settings import ConsumerSettings
from shared.observability.logging import get_logger

log = get_logger("messaging")


class Custody:
    """What one consumer took and has not settled yet."""

    def __init__(self, consumer: str, pull: Pull, settings: ConsumerSettings) -> None:
        self._consumer = consumer
        self._pull = pull
        self._settings = settings
        self._held: dict[int, Delivery] = {}
        self._later: dict[int, tuple[datetime, float]] = {}
        self.settled = 0
        """Messages acknowledged or given back since the start; moves while there is progress."""

    @property
    def held(self) -> int:
        """Messages that are being worked on or wait for it here."""
        return len(self._held)

    def take(self, delivery: Delivery) -> None:
        """From now on it is ours."""
        self._held[id(delivery)] = delivery
        self._later.pop(delivery.stream_seq, None)

    async def acknowledge(self, delivery: Delivery, outcome: str) -> None:
        """Its effect, or its dead letter, is committed."""
        metrics.OUTCOMES.labels(self._consumer, outcome).inc()
        try:
            await delivery.message.ack()
        except NatsError as error:  # it comes again and is recognised
            log.info("message.not_acknowledged", consumer=self._consumer, reason=str(error))
        await self._let_go(delivery)

    async def give_back(self, delivery: Delivery, pause: float | None) -> None:
        """NAK with a delay in seconds, or at once (`None`) when it was not tried. Never without: the server has no back-off."""
        if pause is not None:
            known_until = time.monotonic() + pause + 2 * self._settings.stuck_seconds
            self._later[delivery.stream_seq] = (delivery.stored_at, known_until)
        try:
            await delivery.message.nak(delay=pause)
        except NatsError as error:
            log.info("message.not_given_back", consumer=self._consumer, reason=str(error))
        await self._let_go(delivery)

    async def give_back_all(self) -> None:
        """Everything at once, for somebody else to take."""
        for delivery in list(self._held.values()):
            await self.give_back(delivery, None)

    async def abandon(self, delivery: Delivery) -> None:
        """Say nothing more about it: the server delivers it again when its patience ends."""
        await self._let_go(delivery)

    async def keep_alive(self) -> None:
        """For ever: tell the server about messages that take long, before it gives them to somebody else."""
        while True:
            await asyncio.sleep(self._settings.heartbeat_seconds / 2)
            now = asyncio.get_running_loop().time()
            for delivery in list(self._held.values()) + self._pull.waiting():
                if now - delivery.touched >= self._settings.heartbeat_seconds:
                    delivery.touched = now
                    try:
                        await delivery.message.in_progress()
                    except NatsError:
                        break

    def lag_seconds(self) -> float:
        """Age of the oldest message that reached this process and is not processed yet."""
        now = time.monotonic()
        self._later = {seq: later for seq, later in self._later.items() if later[1] > now}
        unsettled = [
            *(delivery.stored_at for delivery in self._held.values()),
            *(delivery.stored_at for delivery in self._pull.waiting()),
            *(stored_at for stored_at, _ in self._later.values()),
        ]
        return max(0.0, (datetime.now(UTC) - min(unsettled)).total_seconds()) if unsettled else 0.0

    async def _let_go(self, delivery: Delivery) -> None:
        if self._held.pop(id(delivery), None) is not None:
            self.settled += 1
            await self._pull.settled()
