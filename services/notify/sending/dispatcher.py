"""Works off the queues of web hooks: each subscription in its own order, one call at a time; many subscriptions side by side.

A receiver that does not answer holds up nobody but itself: receivers that failed last time share a small number of
slots of their own. When and what to send stands in the database, so a restart continues where the last process ended.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from services.notify.credentials import Vault
from services.notify.domain.delivery import Delivery, Outcome
from services.notify.domain.retry import RetrySchedule
from services.notify.domain.subscription import Channel, Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.queries.due_feeds import ERRORS, DueFeed, Overview, next_to_send
from services.notify.sending.webhook import WebhookSender
from services.notify.use_cases.hand_over_waiting import BATCH, HandOverWaiting, hand_over_waiting
from services.notify.use_cases.record_try import RecordTry, record_try
from services.notify.use_cases.rest_feed import RestFeed, rest_feed
from shared.clock import Clock
from shared.database.engine import Database
from shared.errors import AppError, NotFound
from shared.ids import new_id
from shared.security.sealing import SealBroken

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DispatchSettings:
    """How the dispatcher works; times in seconds."""

    poll: float = 1.0
    """The truth: wake-ups may be lost, the poll is not."""
    sound_receivers: int = 64
    """Receivers called at the same time that answered last time."""
    failing_receivers: int = 16
    """Receivers called at the same time that failed last time."""
    in_one_go: int = 50
    """Deliveries to one receiver before others get the slot."""
    keep: timedelta = timedelta(days=30)
    """Deliveries older than this are forgotten, also those that never arrived; the gap in the numbers shows it."""
    housekeeping: float = 600.0


class Dispatcher:
    """One per process; the one that holds the lock dispatches."""

    def __init__(
        self,
        *,
        relay_url: str,
        database: Database,
        unit_of_work: Callable[[str], NotifyUnitOfWork],
        sender: WebhookSender,
        vault: Vault,
        schedule: RetrySchedule,
        clock: Clock,
        wake: asyncio.Event,
        settings: DispatchSettings | None = None,
    ) -> None:
        self._relay_url = relay_url
        self._database = database
        self._unit_of_work = unit_of_work
        self._sender = sender
        self._vault = vault
        self._schedule = schedule
        self._clock = clock
        self._wake = wake
        self._settings = settings or DispatchSettings()
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._failing: set[UUID] = set()
        self.turned = 0.0
        """Loop time of the last round."""

    async def run(self) -> None:
        """Until cancelled. A lost database ends the lead, never the dispatcher."""
        while True:
            overview: Overview | None = None
            try:
                overview = await Overview.connect(self._relay_url, "notify-dispatcher")
                while not await overview.lead():
                    await self._pause(self._settings.poll)
                await self._lead(overview)
            except ERRORS as error:
                log.warning("the dispatcher lost its database; trying again", why=type(error).__name__)
            except Exception:
                log.exception("the dispatcher failed; starting it again")
            finally:
                await self._stop_calls()
                if overview is not None:
                    overview.close()
            await asyncio.sleep(self._settings.poll)

    async def _lead(self, overview: Overview) -> None:
        log.info("the dispatcher leads")
        loop = asyncio.get_running_loop()
        cleaned = loop.time()
        while True:
            self._wake.clear()
            self.turned = loop.time()
            now = self._clock.now()
            wait = timedelta(seconds=self._settings.poll)
            for feed in await overview.due(self._not_now(), 2 * self._settings.sound_receivers):
                if feed.next_try_at > now:
                    wait = min(wait, feed.next_try_at - now)
                    break
                self._start(feed)
            if loop.time() - cleaned > self._settings.housekeeping:
                cleaned = loop.time()
                await overview.forget(self._settings.keep, now)
            await self._pause(max(0.005, wait.total_seconds()))

    async def _pause(self, seconds: float) -> None:
        self.turned = asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with the wake-up.
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    def _not_now(self) -> set[UUID]:
        """Feeds that need not be looked at: the busy ones, and the failing ones while their slots are taken.

        Without the latter many failing receivers would fill the list of what is due, and hide the sound ones behind them.
        """
        return set(self._busy) if self._has_room(failing=True) else set(self._busy) | self._failing

    def _has_room(self, *, failing: bool) -> bool:
        taken = sum((subscription in self._failing) is failing for subscription in self._busy)
        return taken < (self._settings.failing_receivers if failing else self._settings.sound_receivers)

    def _start(self, feed: DueFeed) -> None:
        """Give the feed a slot if one is free; if not, it is still due at the next look."""
        if self._has_room(failing=feed.subscription in self._failing):
            self._busy[feed.subscription] = asyncio.create_task(self._serve(feed), name=f"feed {feed.subscription}")

    async def _serve(self, feed: DueFeed) -> None:
        try:
            if feed.channel is Channel.NATS:
                await self._hand_over(feed)
            else:
                await self._call_receiver(feed)
        except AppError as error:
            log.warning("a feed could not be served; trying again", subscription=str(feed.subscription), why=error.slug)
            await asyncio.sleep(self._settings.poll)
        except Exception:
            log.exception("a feed could not be served; trying again", subscription=str(feed.subscription))
            await asyncio.sleep(self._settings.poll)
        finally:
            self._busy.pop(feed.subscription, None)
            self._wake.set()

    async def _call_receiver(self, feed: DueFeed) -> None:
        for turn in range(self._settings.in_one_go):
            work = await next_to_send(self._database, feed.community, feed.subscription, self._clock.now())
            if work is None:
                if turn == 0:  # due with nothing to send: without this it would be due for ever
                    await rest_feed(RestFeed(feed.subscription), self._unit_of_work(feed.community))
                return
            subscription, delivery = work
            outcome = await self._try(subscription, delivery)
            with suppress(NotFound):  # deleted while we were calling
                await record_try(
                    RecordTry(subscription.id, delivery.id, outcome, self._schedule), self._unit_of_work(feed.community)
                )
            if not outcome.arrived:
                self._failing.add(feed.subscription)
                log.info(
                    "a web hook was not delivered",
                    subscription=str(subscription.id),
                    delivery=str(delivery.id),
                    tries=delivery.tries + 1,
                    status=outcome.status,
                    error=outcome.error,
                )
                return
            self._failing.discard(feed.subscription)

    async def _try(self, subscription: Subscription, delivery: Delivery) -> Outcome:
        now = self._clock.now()
        try:
            secrets = [self._vault.open(kept, subscription.id) for kept in subscription.credentials_at(now)]
        except SealBroken:
            log.exception("a signing secret cannot be opened", subscription=str(subscription.id))
            return Outcome(now, timedelta(0), error="secret")
        return await self._sender.send(subscription.url or "", delivery, secrets)

    async def _hand_over(self, feed: DueFeed) -> None:
        with suppress(NotFound):
            while (
                await hand_over_waiting(HandOverWaiting(feed.subscription), self._unit_of_work(feed.community)) == BATCH
            ):
                continue

    async def _stop_calls(self) -> None:
        tasks = list(self._busy.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


def units_of_work(factory: Callable[..., NotifyUnitOfWork]) -> Callable[[str], NotifyUnitOfWork]:
    """Units of work for the dispatcher's own doing; each gets a correlation id of its own."""
    return lambda community: factory(community, correlation_id=str(new_id()))
