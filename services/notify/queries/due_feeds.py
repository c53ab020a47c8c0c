"""What the dispatcher asks the database: am I the one, what is due, what exactly is to be sent.

The first two need a view across communities and run under the relay's role; the contents are read as the serving role,
bound to one community.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import asyncpg
from sqlalchemy import select

from services.notify.domain.delivery import Delivery, DeliveryState
from services.notify.domain.subscription import Channel, State, Subscription
from services.notify.storage.feeds import delivery_of
from services.notify.storage.subscriptions import subscription_of
from services.notify.storage.tables import deliveries, feeds, subscriptions
from shared.database.engine import Database

LEAD = "SELECT pg_try_advisory_lock(7205320005)"
"""One dispatcher per installation, so that two never call one receiver at the same time. Ends with its connection."""

DUE = """
SELECT feed.community, feed.subscription, subscription.channel, feed.next_try_at
FROM feeds AS feed JOIN subscriptions AS subscription
     ON subscription.community = feed.community AND subscription.id = feed.subscription
WHERE feed.next_try_at IS NOT NULL AND subscription.state = 'active' AND feed.subscription <> ALL ($1::uuid[])
ORDER BY feed.next_try_at
LIMIT $2
"""

FORGET = """
DELETE FROM deliveries WHERE (community, id) IN (SELECT community, id FROM deliveries WHERE created_at < $1 LIMIT 1000)
"""

ERRORS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class DueFeed:
    """A feed with something to send, now or later."""

    community: str
    subscription: UUID
    channel: Channel
    next_try_at: datetime


class Overview:
    """One connection with a view of the feeds of all communities, and of nothing in them."""

    def __init__(self, connection: "asyncpg.Connection[Any]") -> None:
        self._connection = connection

    @classmethod
    async def connect(cls, relay_url: str, application: str) -> Self:
        """Connect under the relay's role."""
        return cls(
            await asyncpg.connect(
                relay_url.replace("+asyncpg", "", 1),
                timeout=5,
                command_timeout=20,
                server_settings={"application_name": application, "statement_timeout": "15s", "jit": "off"},
            )
        )

    def close(self) -> None:
        """Give up the connection and with it the lock."""
        self._connection.terminate()

    async def lead(self) -> bool:
        """Whether this process may dispatch from now on."""
        return bool(await self._connection.fetchval(LEAD))

    async def due(self, busy: Collection[UUID], limit: int) -> list[DueFeed]:
        """Feeds that wait for a try, soonest first, those in the future too, without the busy ones."""
        rows = await self._connection.fetch(DUE, list(busy), limit)
        return [DueFeed(r["community"], r["subscription"], Channel(r["channel"]), r["next_try_at"]) for r in rows]

    async def forget(self, older_than: timedelta, now: datetime) -> int:
        """Delete deliveries of long ago with their attempts, a thousand at a time; returns how many."""
        return int((await self._connection.execute(FORGET, now - older_than)).rsplit(" ", 1)[1])


async def next_to_send(
    database: Database, community: str, subscription: UUID, now: datetime
) -> tuple[Subscription, Delivery] | None:
    """The oldest pending delivery of an active subscription, if its time has come."""
    async with database.reading(community) as connection:
        found = await connection.execute(
            select(subscriptions)
            .join(
                feeds,
                (feeds.c.community == subscriptions.c.community) & (feeds.c.subscription == subscriptions.c.id),
            )
            .where(
                subscriptions.c.community == community,
                subscriptions.c.id == subscription,
                subscriptions.c.state == State.ACTIVE.value,
                feeds.c.next_try_at <= now,
            )
        )
        row = found.mappings().first()
        if row is None:
            return None
        oldest = await connection.execute(
            select(deliveries)
            .where(
                deliveries.c.community == community,
                deliveries.c.subscription == subscription,
                deliveries.c.state == DeliveryState.PENDING.value,
            )
            .order_by(deliveries.c.sequence)
            .limit(1)
        )
        delivery = oldest.mappings().first()
    return (subscription_of(row), delivery_of(delivery)) if delivery else None
