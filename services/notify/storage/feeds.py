"""Feeds in PostgreSQL: the counter row of a subscription is its lock, so numbers have no gaps and tries no twins."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, select, update

from services.notify.domain.delivery import Delivery, DeliveryState, Outcome
from services.notify.storage.tables import attempts, deliveries, feeds
from shared.database.unit_of_work import UnitOfWork
from shared.ids import new_id


class PostgresFeeds:
    """Satisfies `ports.Feeds`."""

    def __init__(self, uow: UnitOfWork, something_is_due: Callable[[], None]) -> None:
        self._uow = uow
        self._something_is_due = something_is_due

    async def number(self, subscription_id: UUID) -> int:
        """The next number; the row stays locked until the end of the transaction."""
        statement = update(feeds).where(*self._feed(subscription_id)).values(last_sequence=feeds.c.last_sequence + 1)
        return int((await self._uow.execute(statement.returning(feeds.c.last_sequence))).scalar_one())

    async def enqueue(self, delivery: Delivery) -> None:
        """Keep a delivery. A pending one is due at once, unless an earlier one waits for its retry."""
        await self._uow.execute(
            insert(deliveries).values(
                community=self._uow.community,
                id=delivery.id,
                subscription=delivery.subscription,
                sequence=delivery.sequence,
                message_id=delivery.message_id,
                message_type=delivery.message_type,
                body=delivery.body,
                created_at=delivery.created_at,
                **_changeable(delivery),
            )
        )
        if delivery.state is DeliveryState.PENDING:
            at_once = func.coalesce(feeds.c.next_try_at, delivery.created_at)
            await self._uow.execute(update(feeds).where(*self._feed(delivery.subscription)).values(next_try_at=at_once))
            self._something_is_due()

    async def lock(self, subscription_id: UUID) -> None:
        """Wait until nobody else changes this feed."""
        await self._uow.execute(select(feeds.c.subscription).where(*self._feed(subscription_id)).with_for_update())

    async def find(self, delivery_id: UUID) -> Delivery | None:
        """One delivery."""
        statement = select(deliveries).where(
            deliveries.c.community == self._uow.community, deliveries.c.id == delivery_id
        )
        row = (await self._uow.execute(statement)).mappings().first()
        return delivery_of(row) if row else None

    async def tried(self, delivery: Delivery, outcome: Outcome) -> None:
        """Keep the delivery as it is after a try, and the try in the log."""
        await self._save(delivery)
        await self._uow.execute(
            insert(attempts).values(
                community=self._uow.community,
                id=new_id(),
                delivery=delivery.id,
                number=delivery.tries,
                at=outcome.at,
                took_ms=round(outcome.took.total_seconds() * 1000),
                status=outcome.status,
                error=outcome.error,
            )
        )

    async def due(self, subscription_id: UUID, at: datetime | None) -> None:
        """When the oldest pending delivery is to be tried."""
        await self._uow.execute(update(feeds).where(*self._feed(subscription_id)).values(next_try_at=at))
        if at is not None:
            self._something_is_due()

    async def waiting(self, subscription_id: UUID, *, limit: int) -> Sequence[Delivery]:
        """The oldest pending deliveries, in order."""
        statement = (
            select(deliveries)
            .where(
                deliveries.c.community == self._uow.community,
                deliveries.c.subscription == subscription_id,
                deliveries.c.state == DeliveryState.PENDING.value,
            )
            .order_by(deliveries.c.sequence)
            .limit(limit)
        )
        return [delivery_of(row) for row in (await self._uow.execute(statement)).mappings()]

    async def start_over(self, delivery: Delivery) -> None:
        """Give a delivery its whole schedule again."""
        delivery.tries = 0
        await self._save(delivery)

    async def handed_over(self, delivery: Delivery, at: datetime) -> None:
        """The delivery is in the outbox for the partner's stream."""
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, at
        await self._save(delivery)

    async def _save(self, delivery: Delivery) -> None:
        statement = update(deliveries).where(
            deliveries.c.community == self._uow.community, deliveries.c.id == delivery.id
        )
        await self._uow.execute(statement.values(**_changeable(delivery)))

    def _feed(self, subscription_id: UUID) -> tuple[Any, Any]:
        return feeds.c.community == self._uow.community, feeds.c.subscription == subscription_id


def delivery_of(row: RowMapping) -> Delivery:
    """The delivery in a row."""
    values = {name: value for name, value in row.items() if name != "community"}
    return Delivery(**{**values, "state": DeliveryState(row["state"])})


def _changeable(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state.value,
        "tries": delivery.tries,
        "delivered_at": delivery.delivered_at,
        "last_status": delivery.last_status,
        "last_error": delivery.last_error,
    }
