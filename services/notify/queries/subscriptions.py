"""Subscriptions as their owners see them: settings, progress, the log of deliveries."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.domain.delivery import DeliveryState
from services.notify.domain.errors import SubscriptionNotFound
from services.notify.storage.tables import attempts, deliveries, feeds, subscriptions
from shared.database.keyset import Keyset

BY_ID = Keyset((subscriptions.c.id,))
LATEST_FIRST = Keyset((deliveries.c.sequence,), descending=True)
Organisations = Collection[UUID] | None
"""Whose subscriptions may be seen; None: everybody's (the community's administrator)."""


async def subscriptions_of(
    connection: AsyncConnection, community: str, organisations: Organisations, *, limit: int, cursor: str | None
) -> tuple[Sequence[Any], str | None]:
    """One page of subscriptions with their progress."""
    statement = BY_ID.page(_with_progress(community, organisations), limit=limit, cursor=cursor)
    return BY_ID.cut((await connection.execute(statement)).all(), limit=limit)


async def subscription(
    connection: AsyncConnection, community: str, organisations: Organisations, subscription_id: UUID
) -> Row[tuple[Any, ...]]:
    """One subscription with its progress. Raises SubscriptionNotFound, also for another organisation's."""
    statement = _with_progress(community, organisations).where(subscriptions.c.id == subscription_id)
    row: Row[tuple[Any, ...]] | None = (await connection.execute(statement)).first()
    if row is None:
        raise SubscriptionNotFound
    return row


async def deliveries_of(
    connection: AsyncConnection, community: str, subscription_id: UUID, *, limit: int, cursor: str | None
) -> tuple[Sequence[Any], str | None]:
    """One page of the delivery log, latest number first."""
    statement = select(deliveries).where(
        deliveries.c.community == community, deliveries.c.subscription == subscription_id
    )
    rows = (await connection.execute(LATEST_FIRST.page(statement, limit=limit, cursor=cursor))).all()
    return LATEST_FIRST.cut(rows, limit=limit)


async def delivery_with_attempts(
    connection: AsyncConnection, community: str, subscription_id: UUID, delivery_id: UUID
) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """One delivery and every try of it. Raises SubscriptionNotFound when there is no such delivery."""
    found = await connection.execute(
        select(deliveries).where(
            deliveries.c.community == community,
            deliveries.c.subscription == subscription_id,
            deliveries.c.id == delivery_id,
        )
    )
    row = found.first()
    if row is None:
        raise SubscriptionNotFound("没有找到这次投递", "No such delivery")
    tries = await connection.execute(
        select(attempts)
        .where(attempts.c.community == community, attempts.c.delivery == delivery_id)
        .order_by(attempts.c.id)
        .limit(100)
    )
    return row, tries.all()


def _with_progress(community: str, organisations: Organisations) -> Select[Any]:
    pending = (
        select(func.count())
        .where(
            deliveries.c.community == community,
            deliveries.c.subscription == subscriptions.c.id,
            deliveries.c.state == DeliveryState.PENDING.value,
        )
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = [subscriptions.c.community == community]
    if organisations is not None:
        conditions.append(subscriptions.c.organisation.in_(list(organisations)))
    return (
        select(subscriptions, feeds.c.last_sequence, feeds.c.next_try_at, pending.label("pending"))
        .join(
            feeds,
            (feeds.c.community == subscriptions.c.community) & (feeds.c.subscription == subscriptions.c.id),
        )
        .where(*conditions)
    )
