"""Works on the messages of one durable consumer: once each, in order per aggregate, never losing one.

A message is acknowledged after its effect is committed, or after it lies in dead_letters. A failure gives it back with a
delay. While the database is away nothing is given back and nothing counts as a try: the messages are held, the server
is told that we still work on them, and they go on when the database answers.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from shared.clock import Clock
from shared.messaging import metrics
from shared.messaging.applying import UnitsOfWork, apply
from shared.messaging.bookkeeping import Bookkeeping, DeadLetter, Run
from shared.messaging.connection import Broker
from shared.messaging.consumers import Durable, Handler
from shared.messaging.custody import Custody
from shared.messaging.ending import end
from shared.messaging.envelope import Envelope, Undecodable, parse, salvage
from shared.messaging.failures import GAVE_UP, is_permanent, reason_of, text_of
from shared.messaging.inbox import AlreadyProcessed, OutOfOrder
from shared.messaging.lanes import Item, Lane, Lanes
from shared.messaging.noting import Noting
from shared.messaging.pull import Delivery, Pull
from shared.messaging.settings import ConsumerSettings
from shared.messaging.trial import Court
from shared.observability.logging import get_logger

log = get_logger("messaging")

GAP = "gap"


class Engine:
    """One durable consumer at work."""

    def __init__(
        self,
        durable: Durable,
        broker: Broker,
        unit_of_work: UnitsOfWork,
        bookkeeping: Bookkeeping,
        *,
        clock: Clock,
        settings: ConsumerSettings,
        slots: asyncio.Semaphore,
    ) -> None:
        self.durable = durable
        self._name = durable.name
        self._pull = Pull(broker, durable.stream, durable.name, settings)
        self.custody = Custody(durable.name, self._pull, settings)
        self._unit_of_work = unit_of_work
        self._books = bookkeeping
        self._clock = clock
        self._settings = settings
        self._retries = settings.retries
        self._slots = slots
        self._own_slots = asyncio.Semaphore(settings.handlers)
        self._court = Court(bookkeeping, settings.retries)
        self._lanes = Lanes()
        self._noting = Noting(durable.name, bookkeeping, clock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False

    async def start(self) -> None:
        """Begin to pull and to work."""
        await self._pull.start()
        self._loops = [
            asyncio.create_task(self._receive_all(), name=f"{self._name} receives"),
            asyncio.create_task(self.custody.keep_alive(), name=f"{self._name} reports progress"),
            asyncio.create_task(self._noting.write(), name=f"{self._name} notes"),
        ]
        metrics.CONSUMER_LAG.labels(self._name).set_function(self.custody.lag_seconds)

    async def stop(self) -> None:
        """Let running handlers finish, give everything else back."""
        self._stopping = True
        await self._pull.stop()
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=self._settings.drain_seconds)
            await end(unfinished)
        await end(self._loops)
        await self.custody.give_back_all()

    # Receiving

    async def _receive_all(self) -> None:
        while True:
            deliveries = await self._pull.take(self._settings.batch)
            for delivery in deliveries:
                self.custody.take(delivery)
            self._start([lane for delivery in deliveries if (lane := self._read(delivery)) is not None])

    def _read(self, delivery: Delivery) -> Lane | None:
        """Put a message into its lane; what cannot or must not be read becomes a dead letter."""
        metrics.DELIVERIES.labels(self._name).inc()
        if delivery.attempt > 1:
            metrics.REDELIVERIES.labels(self._name).inc()
        if delivery.attempt > self._retries.gap_tries:  # before decoding: whatever kills us may do so while we decode
            self._spawn(self._bury(delivery, GAVE_UP, "delivered too often without an outcome"))
            return None
        try:
            envelope = parse(delivery.body)
        except Undecodable as error:
            self._spawn(self._bury(delivery, error.reason, text_of(error)))
            return None
        return self._lanes.add(Item(delivery, envelope))

    def _start(self, lanes: Iterable[Lane]) -> None:
        quiet: list[Lane] = []
        for lane in lanes:
            if lane.busy or self._stopping or not lane.items:
                continue
            lane.busy = True
            if all(self._handler(item.envelope) is None for item in lane.items):
                quiet.append(lane)
            else:
                self._spawn(self._work(lane))
        if quiet:
            self._spawn(self._note_all(quiet))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("consumer.task_failed", consumer=self._name, exc_info=error)

    def _handler(self, envelope: Envelope) -> Handler | None:
        return self.durable.handler(envelope.type)

    # Working

    async def _work(self, lane: Lane) -> None:
        """Work through one aggregate's messages in their order."""
        try:
            while lane.items and not self._stopping:
                item = lane.items[0]
                if self._handler(item.envelope) is None:
                    pause = await self._note(item)
                else:
                    pause = await self._settle(item)
                lane.items.remove(item)
                if pause is not None:  # its successors cannot go before it: they come back right after it
                    await self._give_back_rest(lane, pause)
        except Exception:
            await self._abandon(lane)
            raise
        finally:
            self._lanes.leave(lane)

    async def _note_all(self, lanes: list[Lane]) -> None:
        """Move the positions of aggregates whose waiting messages need no handler, all in one statement."""
        try:
            seen = {lane.aggregate_id: list(lane.items) for lane in lanes}
            stored = await self._noting.note([lane.run() for lane in lanes])
            for lane in lanes:
                for item in seen[lane.aggregate_id]:
                    await self._noted(item, stored[lane.aggregate_id])
                    lane.items.remove(item)
        except Exception:
            for lane in lanes:
                await self._abandon(lane)
            raise
        finally:
            for lane in lanes:
                self._lanes.leave(lane)
        self._start([lane for lane in lanes if lane.items])

    async def _note(self, item: Item) -> float | None:
        run = Run(item.envelope.aggregate_id, item.envelope.community, item.version, item.version)
        stored = await self._noting.note([run])
        return await self._noted(item, stored[run.aggregate_id])

    async def _noted(self, item: Item, stored: int) -> float | None:
        if item.version > stored:
            return await self._wait_for_predecessor(item)
        await self.custody.acknowledge(item.delivery, "noted")
        return None

    async def _settle(self, item: Item) -> float | None:
        """Bring one message to an end: applied, dead, or given back; then returns the pause that it was given."""
        delivery = item.delivery
        while True:
            try:
                had_effect = await self._work_on(item)
            except AlreadyProcessed:
                await self.custody.acknowledge(delivery, "duplicate")
            except OutOfOrder:
                return await self._wait_for_predecessor(item)
            except Exception as error:
                if is_permanent(error):
                    await self._bury(delivery, reason_of(error), text_of(error), item.envelope)
                elif await self._books.wait_for_database():
                    continue
                elif delivery.attempt >= self._retries.tries:
                    await self._bury(delivery, reason_of(error), text_of(error), item.envelope)
                else:
                    return await self._try_later(item, error)
            else:
                if not had_effect:
                    return await self._note(item)
                await self.custody.acknowledge(delivery, "applied")
            return None

    async def _work_on(self, item: Item) -> bool:
        if not self._court.suspects(item.delivery.attempt):
            return await self._apply(item)
        letter = DeadLetter.of(self._name, item.delivery, item.envelope, reason="", error="", now=self._clock.now())
        return await self._court.tried(letter, lambda: self._apply(item))

    async def _apply(self, item: Item) -> bool:
        handler = self._handler(item.envelope)
        if handler is None:
            raise RuntimeError(f"{item.envelope.type} has no handler")
        async with self._own_slots, self._slots:
            return await apply(
                self._unit_of_work,
                self._name,
                handler,
                item.envelope,
                now=self._clock.now(),
                attempt=item.delivery.attempt,
                seconds=self._settings.handler_seconds,
            )

    # What becomes of messages that are not applied

    async def _try_later(self, item: Item, error: Exception) -> float:
        pause = self._retries.delay(item.delivery.attempt)
        metrics.OUTCOMES.labels(self._name, "failed").inc()
        log.warning(
            "message.failed",
            consumer=self._name,
            message_type=item.envelope.type,
            message_id=item.envelope.id,
            attempt=item.delivery.attempt,
            seconds=round(pause, 2),
            reason=reason_of(error),
            exc_info=error,
        )
        await self.custody.give_back(item.delivery, pause)
        return pause

    async def _wait_for_predecessor(self, item: Item) -> float | None:
        """An earlier message of the aggregate is missing. It may still come; waiting for ever would stop the aggregate for ever."""
        delivery = item.delivery
        if delivery.attempt >= self._retries.gap_tries:
            await self._bury(delivery, GAP, "an earlier message of the same aggregate never came", item.envelope)
            return None
        pause = self._retries.gap_delay(delivery.attempt)
        metrics.OUTCOMES.labels(self._name, "waiting").inc()
        await self.custody.give_back(delivery, pause)
        return pause

    async def _give_back_rest(self, lane: Lane, pause: float) -> None:
        for follower in lane.items:
            await self.custody.give_back(follower.delivery, pause)
        lane.items.clear()

    async def _abandon(self, lane: Lane) -> None:
        for item in lane.items:
            await self.custody.abandon(item.delivery)
        lane.items.clear()

    async def _bury(self, delivery: Delivery, reason: str, error: str, envelope: Envelope | None = None) -> None:
        """Keep the message in dead_letters, let its aggregate go on, and only then acknowledge."""
        letter = DeadLetter.of(
            self._name, delivery, envelope or salvage(delivery.body), reason=reason, error=error, now=self._clock.now()
        )
        if await self._books.insist(lambda: self._books.bury(letter)):
            metrics.DEAD_LETTERS.labels(self._name, reason).inc()
            log.error(
                "message.dead",
                consumer=self._name,
                reason=reason,
                message_type=letter.type,
                message_id=letter.message_id,
                seq=letter.stream_seq,
                attempts=letter.attempts,
            )
        await self.custody.acknowledge(delivery, "dead")
