"""Subscriptions in PostgreSQL. Each has a row in `feeds` that counts its messages and says when the next try is due."""

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select

from services.notify.domain.errors import SubscriptionNotFound
from services.notify.domain.subscription import Channel, DisabledBecause, Filters, State, Subscription
from services.notify.storage.tables import feeds, subscriptions
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version


class PostgresSubscriptions:
    """Satisfies `ports.Subscriptions`."""

    def __init__(self, uow: UnitOfWork, consumers_change: Callable[[], None]) -> None:
        self._uow = uow
        self._consumers_change = consumers_change

    async def add(self, subscription: Subscription) -> None:
        """A new one, with its counter at 0."""
        await self._uow.execute(
            insert(subscriptions).values(
                community=self._uow.community,
                id=subscription.id,
                organisation=subscription.organisation,
                channel=subscription.channel.value,
                created_by=subscription.created_by,
                created_at=subscription.created_at,
                version=subscription.version,
                **_changeable(subscription),
            )
        )
        await self._uow.execute(
            insert(feeds).values(community=self._uow.community, subscription=subscription.id, last_sequence=0)
        )
        if subscription.channel is Channel.NATS:
            self._consumers_change()

    async def get(
        self, subscription_id: UUID, *, of: Collection[UUID] | None = None, expected_version: int | None = None
    ) -> Subscription:
        """One of them, if it belongs to one of these organisations."""
        statement = select(subscriptions).where(
            subscriptions.c.community == self._uow.community, subscriptions.c.id == subscription_id
        )
        row = (await self._uow.execute(statement)).mappings().first()
        if row is None or (of is not None and row["organisation"] not in of):
            raise SubscriptionNotFound
        check_version(row["version"], expected_version)
        return subscription_of(row)

    async def save(self, subscription: Subscription) -> None:
        """Keep its new state; raises ConcurrentChange when somebody was faster."""
        subscription.version = await save_versioned(
            self._uow,
            subscriptions,
            subscription.id,
            version=subscription.version,
            values=_changeable(subscription),
            missing=SubscriptionNotFound,
        )

    async def remove(self, subscription: Subscription) -> None:
        """Forget it; its feed, deliveries and attempts go with it by the foreign keys."""
        await self._uow.execute(
            delete(subscriptions).where(
                subscriptions.c.community == self._uow.community, subscriptions.c.id == subscription.id
            )
        )
        if subscription.channel is Channel.NATS:
            self._consumers_change()

    async def count_of(self, organisation: UUID) -> int:
        """How many an organisation has."""
        statement = select(func.count()).where(
            subscriptions.c.community == self._uow.community, subscriptions.c.organisation == organisation
        )
        return int((await self._uow.execute(statement)).scalar_one())

    async def all(self) -> Sequence[Subscription]:
        """All of the community, ordered by id."""
        statement = select(subscriptions).where(subscriptions.c.community == self._uow.community)
        rows = (await self._uow.execute(statement.order_by(subscriptions.c.id))).mappings()
        return [subscription_of(row) for row in rows]


def subscription_of(row: RowMapping) -> Subscription:
    """The aggregate in a row."""
    return Subscription(
        id=row["id"],
        organisation=row["organisation"],
        name=row["name"],
        channel=Channel(row["channel"]),
        url=row["url"],
        filters=Filters(tuple(row["types"]), tuple(row["categories"]), tuple(row["severities"])),
        credential=row["credential"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        state=State(row["state"]),
        disabled_because=DisabledBecause(row["disabled_because"]) if row["disabled_because"] else None,
        previous_credential=row["previous_credential"],
        previous_valid_until=row["previous_valid_until"],
        version=row["version"],
    )


def _changeable(subscription: Subscription) -> dict[str, Any]:
    return {
        "name": subscription.name,
        "url": subscription.url,
        "types": list(subscription.filters.types),
        "categories": list(subscription.filters.categories),
        "severities": list(subscription.filters.severities),
        "state": subscription.state.value,
        "disabled_because": subscription.disabled_because.value if subscription.disabled_because else None,
        "credential": subscription.credential,
        "previous_credential": subscription.previous_credential,
        "previous_valid_until": subscription.previous_valid_until,
        "updated_at": subscription.updated_at,
    }
