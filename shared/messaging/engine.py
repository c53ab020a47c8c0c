"""Works on the messages of one durable consumer: once each, in order per aggregate, never losing one.

A message is acknowledged after its effect is committed, or after it lies in dead_letters. A failure gives it back with a
delay. While the database is away nothing is given back and nothing counts as a try: the messages are held, the server
is told that we still work on them, and they go on when the database answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from nats.errors import Error as NatsError
from pydantic import ValidationError

from shared.clock import Clock
from shared.contracts.message import Message
from shared.messaging import metrics
from shared.messaging.bookkeeping import Bookkeeping, DeadLetter
from shared.messaging.connection import Broker
from shared.messaging.consumers import Durable, Handler, MessageContext
from shared.messaging.envelope import Envelope, Undecodable, parse, salvage
from shared.messaging.failures import BrokenContract, UnknownType, is_permanent, reason_of, text_of
from shared.messaging.inbox import AlreadyProcessed, InboxClaim, OutOfOrder
from shared.messaging.lanes import Item, Lane, Lanes
from shared.messaging.pull import Delivery, Pull
from shared.messaging.settings import ConsumerSettings

log = structlog.get_logger(__name__)

GAP = "gap"
GAVE_UP = "gave-up"


class UnitsOfWork(Protocol):
    """Builds units of work: shared.database's `UnitOfWorkFactory`."""

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Any = None
    ) -> Any:
        """A unit of work for one community and one message."""
        ...


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
        self.pull = Pull(broker, durable.stream, durable.name, settings)
        self._unit_of_work = unit_of_work
        self._books = bookkeeping
        self._clock = clock
        self._settings = settings
        self._retries = settings.retries
        self._slots = slots
        self._own_slots = asyncio.Semaphore(settings.handlers)
        self._lanes = Lanes()
        self._held: dict[int, Delivery] = {}
        self._later: dict[int, tuple[datetime, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []
        self._stopping = False
        self.settled = 0
        """Messages acknowledged or given back since the start; moves while there is progress."""

    async def start(self) -> None:
        """Begin to pull and to work."""
        await self.pull.start()
        name = self.durable.name
        self._loops = [
            asyncio.create_task(self._receive_all(), name=f"{name} receives"),
            asyncio.create_task(self._keep_alive(), name=f"{name} reports progress"),
        ]
        metrics.CONSUMER_LAG.labels(name).set_function(self.lag_seconds)

    async def stop(self) -> None:
        """Let running handlers finish, give everything else back."""
        self._stopping = True
        await self.pull.stop()
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=self._settings.drain_seconds)
            for task in unfinished:
                task.cancel()
            if unfinished:
                await asyncio.wait(unfinished)
        for loop in self._loops:
            loop.cancel()
        if self._loops:
            await asyncio.wait(self._loops)
        for delivery in list(self._held.values()):
            await self._give_back(delivery, None)

    @property
    def held(self) -> int:
        """Messages that are being worked on or wait for it here."""
        return len(self._held)

    def lag_seconds(self) -> float:
        """Age of the oldest message that reached this process and is not processed yet."""
        now = asyncio.get_event_loop().time() if self._later else 0.0
        self._later = {seq: later for seq, later in self._later.items() if later[1] > now}
        oldest = min(
            (
                *(delivery.stored_at for delivery in self._held.values()),
                *(delivery.stored_at for delivery in self.pull.waiting()),
                *(stored_at for stored_at, _ in self._later.values()),
            ),
            default=None,
        )
        return 0.0 if oldest is None else max(0.0, (datetime.now(UTC) - oldest).total_seconds())

    # --- receiving

    async def _receive_all(self) -> None:
        while True:
            deliveries = await self.pull.take(self._settings.batch)
            for delivery in deliveries:
                self._held[id(delivery)] = delivery
            self._start_lanes([lane for delivery in deliveries if (lane := self._read(delivery)) is not None])

    def _read(self, delivery: Delivery) -> Lane | None:
        """Put a message into its lane; what cannot or must not be read becomes a dead letter."""
        name = self.durable.name
        metrics.DELIVERIES.labels(name).inc()
        if delivery.attempt > 1:
            metrics.REDELIVERIES.labels(name).inc()
            self._later.pop(delivery.stream_seq, None)
        if delivery.attempt > self._retries.gap_tries:  # before decoding: whatever kills us may do so while we decode
            self._spawn(self._bury(delivery, GAVE_UP, "delivered too often without an outcome"))
            return None
        try:
            envelope = parse(delivery.body)
        except Undecodable as error:
            self._spawn(self._bury(delivery, error.reason, text_of(error)))
            return None
        return self._lanes.add(Item(delivery, envelope))

    def _start_lanes(self, lanes: Iterable[Lane]) -> None:
        quiet: list[Lane] = []
        for lane in lanes:
            if lane.busy or self._stopping:
                continue
            lane.busy = True
            if all(self._handler(item.envelope) is None for item in lane.items):
                quiet.append(lane)
            else:
                self._spawn(self._work(lane))
        if quiet:
            self._spawn(self._note(quiet))

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its messages stay unacknowledged and are no longer reported as in progress: they come again.
            log.error("a consumer's task failed", consumer=self.durable.name, exc_info=error)

    def _handler(self, envelope: Envelope) -> Handler | None:
        """The handler of a message; `None` to note it only. A new version of a handled fact counts as handled."""
        return self.durable.handler(envelope.type)

    # --- working

    async def _note(self, lanes: list[Lane]) -> None:
        """Move the positions of aggregates whose waiting messages need no handler, all in one statement."""
        counts = {lane.aggregate_id: len(lane.items) for lane in lanes}
        runs = [lane.run() for lane in lanes]
        stored = await self._insist(lambda: self._books.advance(self.durable.name, runs, self._clock.now()))
        for lane in lanes:
            seen = lane.items[: counts[lane.aggregate_id]]
            for item in seen:
                lane.items.remove(item)
                if item.version <= stored[lane.aggregate_id]:
                    await self._acknowledge(item.delivery, "noted")
                else:
                    await self._wait_for_predecessor(item)
            self._lanes.leave(lane)
        self._start_lanes([lane for lane in lanes if lane.items])

    async def _work(self, lane: Lane) -> None:
        """Work through one aggregate's messages in their order."""
        try:
            async with self._own_slots, self._slots:
                while lane.items and not self._stopping:
                    item = lane.items[0]
                    if self._handler(item.envelope) is None:
                        await self._note_one(lane, item)
                        continue
                    pause = await self._settle(item)
                    lane.items.remove(item)
                    if pause is not None:  # its successors cannot go before it: they come back right after it
                        for follower in lane.items:
                            await self._give_back(follower.delivery, pause)
                        lane.items.clear()
        finally:
            self._lanes.leave(lane)

    async def _note_one(self, lane: Lane, item: Item) -> None:
        run = lane.run(1)
        stored = await self._insist(lambda: self._books.advance(self.durable.name, [run], self._clock.now()))
        lane.items.remove(item)
        if item.version <= stored[lane.aggregate_id]:
            await self._acknowledge(item.delivery, "noted")
        else:
            await self._wait_for_predecessor(item)

    async def _settle(self, item: Item) -> float | None:
        """Bring one message to an end: applied, dead, or given back; then returns the pause that it was given."""
        delivery = item.delivery
        while True:
            try:
                await self._apply(item)
            except AlreadyProcessed:
                await self._acknowledge(delivery, "duplicate")
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
                await self._acknowledge(delivery, "applied")
            return None

    async def _apply(self, item: Item) -> None:
        envelope = item.envelope
        handler = self._handler(envelope)
        if handler is None:
            raise RuntimeError(f"{envelope.type} has no handler")
        await apply(
            self._unit_of_work,
            self.durable.name,
            handler,
            envelope,
            now=self._clock.now(),
            attempt=item.delivery.attempt,
            seconds=self._settings.handler_seconds,
        )

    async def _try_later(self, item: Item, error: Exception) -> float:
        pause = self._retries.delay(item.delivery.attempt)
        log.warning(
            "message failed; trying again",
            consumer=self.durable.name,
            type=item.envelope.type,
            message_id=str(item.envelope.id),
            attempt=item.delivery.attempt,
            seconds=round(pause, 2),
            reason=reason_of(error),
            exc_info=error,
        )
        metrics.OUTCOMES.labels(self.durable.name, "failed").inc()
        await self._give_back(item.delivery, pause)
        return pause

    async def _wait_for_predecessor(self, item: Item) -> float | None:
        """An earlier message of the aggregate is missing; waiting for ever would stop the aggregate for ever."""
        delivery = item.delivery
        if delivery.attempt >= self._retries.gap_tries:
            await self._bury(delivery, GAP, "an earlier message of the same aggregate never came", item.envelope)
            return None
        pause = self._retries.gap_delay(delivery.attempt)
        metrics.OUTCOMES.labels(self.durable.name, "waiting").inc()
        await self._give_back(delivery, pause)
        return pause

    async def _bury(self, delivery: Delivery, reason: str, error: str, envelope: Envelope | None = None) -> None:
        """Keep the message in dead_letters, let its aggregate go on, and only then acknowledge."""
        name = self.durable.name
        known = envelope or salvage(delivery.body)
        letter = DeadLetter(
            consumer=name,
            message_id=known.id if known else None,
            community=known.community if known else None,
            type=known.type if known else "",
            subject=delivery.subject,
            stream_seq=delivery.stream_seq,
            body=delivery.body,
            reason=reason,
            error=error,
            attempts=delivery.attempt,
            first_seen_at=delivery.stored_at,
            dead_at=self._clock.now(),
            aggregate_id=known.aggregate_id if known else None,
            version=known.aggregate_version if known else None,
        )
        new = await self._insist(lambda: self._books.bury(letter))
        if new:
            metrics.DEAD_LETTERS.labels(name, reason).inc()
            log.error(
                "message given up",
                consumer=name,
                reason=reason,
                type=letter.type,
                message_id=str(letter.message_id),
                stream_seq=letter.stream_seq,
                attempts=letter.attempts,
            )
        await self._acknowledge(delivery, "dead")

    async def _insist(self, write: Callable[[], Awaitable[Any]]) -> Any:
        """Do a write of our own until the database takes it."""
        pause = 0.05
        while True:
            try:
                return await write()
            except Exception:
                if not await self._books.wait_for_database():
                    log.exception("bookkeeping failed; trying again", consumer=self.durable.name)
                    await asyncio.sleep(pause)
                    pause = min(5.0, pause * 2)

    # --- settling

    async def _acknowledge(self, delivery: Delivery, outcome: str) -> None:
        metrics.OUTCOMES.labels(self.durable.name, outcome).inc()
        try:
            await delivery.message.ack()
        except NatsError as error:  # it comes again and is recognised
            log.info("acknowledgement not sent", consumer=self.durable.name, why=str(error))
        await self._let_go(delivery)

    async def _give_back(self, delivery: Delivery, pause: float | None) -> None:
        """NAK with a delay, or at once when it was not tried."""
        if pause is not None:
            until = asyncio.get_running_loop().time() + pause + 2 * self._settings.stuck_seconds
            self._later[delivery.stream_seq] = (delivery.stored_at, until)
        try:
            await delivery.message.nak(delay=pause)
        except NatsError as error:
            log.info("message not given back; the server will notice", consumer=self.durable.name, why=str(error))
        await self._let_go(delivery)

    async def _let_go(self, delivery: Delivery) -> None:
        self._held.pop(id(delivery), None)
        self.settled += 1
        await self.pull.settled()

    async def _keep_alive(self) -> None:
        """Tell the server about messages that take long, before it gives them to somebody else."""
        while True:
            await asyncio.sleep(self._settings.heartbeat_seconds / 2)
            now = asyncio.get_running_loop().time()
            for delivery in list(self._held.values()) + self.pull.waiting():
                if now - delivery.touched >= self._settings.heartbeat_seconds:
                    delivery.touched = now
                    try:
                        await delivery.message.in_progress()
                    except NatsError:
                        break


async def apply(
    unit_of_work: UnitsOfWork,
    consumer: str,
    handler: Handler,
    envelope: Envelope,
    *,
    now: datetime,
    attempt: int,
    seconds: float,
    ordered: bool = True,
) -> None:
    """Run a handler on a message, with the inbox row in the transaction of its effect.

    Raises `AlreadyProcessed`, `OutOfOrder`, `UnknownType`, `BrokenContract`, or what the handler raised.
    """
    contract = Message.registry.get(envelope.type)
    if contract is None:
        raise UnknownType(envelope.type)
    try:
        message = contract.model_validate(envelope.data)
    except ValidationError as error:
        raise BrokenContract(envelope.type, error) from None
    claim = InboxClaim(consumer, envelope, now, ordered=ordered)
    uow = unit_of_work(
        envelope.community,
        correlation_id=envelope.correlation_id or str(envelope.id),
        causation_id=str(envelope.id),
        once=claim,
    )
    async with asyncio.timeout(seconds):
        await handler(message, MessageContext(uow, envelope, attempt))
        if not claim.finished:  # the handler had nothing to do; note that it said so
            async with uow:
                await uow.finish(None)
