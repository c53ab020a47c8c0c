"""Lets partners in on NATS: checks their password when the server asks, and keeps one consumer for each subscription."""

import asyncio
from contextlib import suppress
from uuid import UUID

import structlog

from services.notify.credentials import is_password
from services.notify.queries.partner_access import subscription_on_nats, subscriptions_on_nats
from shared.clock import Clock
from shared.database.engine import Database
from shared.errors import Unavailable
from shared.messaging.partners import PartnerConsumers

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 30.0
"""Without a wake-up: heals a broker that lost its memory, and what another replica was told."""
RETRY_SECONDS = 2.0


class PartnerAccess:
    """Password check and consumers of this replica; every replica does both."""

    def __init__(
        self, *, overview: Database, database: Database, consumers: PartnerConsumers, clock: Clock, wake: asyncio.Event
    ) -> None:
        self._overview = overview
        self._database = database
        self._consumers = consumers
        self._clock = clock
        self._wake = wake

    async def is_right(self, subscription: UUID, password: str) -> bool:
        """Whether this is a valid password of that subscription."""
        known = await subscription_on_nats(self._overview, self._database, subscription)
        return known is not None and is_password(password, known.credentials_at(self._clock.now()))

    async def run(self) -> None:
        """Keep consumers and subscriptions equal until cancelled."""
        while True:
            pause = LOOK_AGAIN_SECONDS
            self._wake.clear()
            try:
                await self._reconcile()
            except (Unavailable, PartnerConsumers.Unavailable) as error:
                log.warning("partner consumers cannot be kept just now", why=str(error) or type(error).__name__)
                pause = RETRY_SECONDS
            except Exception:
                log.exception("partner consumers cannot be kept")
                pause = RETRY_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _reconcile(self) -> None:
        wanted = await subscriptions_on_nats(self._overview)
        found = await self._consumers.known()
        for subscription in sorted(wanted - found):
            await self._consumers.make(subscription)
            log.info("a partner's consumer was made", subscription=str(subscription))
        for subscription in sorted(found - wanted):
            await self._consumers.remove(subscription)
            log.info("a partner's consumer was removed", subscription=str(subscription))
