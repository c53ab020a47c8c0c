"""Move what a resumed NATS subscription has kept into the partner's stream, a batch at a time."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.domain.delivery import Delivery
from services.notify.domain.payload import PREFIX, PartnerMessage
from services.notify.domain.subscription import State, Subscription
from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction

BATCH = 500
"""Deliveries per transaction: a partner that paused for weeks must not hold a transaction open for seconds."""


@dataclass(frozen=True, slots=True)
class HandOverWaiting:
    """Which subscription."""

    subscription_id: UUID


@one_transaction
async def hand_over_waiting(command: HandOverWaiting, uow: NotifyUnitOfWork) -> int:
    """Hand over the next batch; returns how many deliveries it had."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(command.subscription_id)
    if subscription.state is not State.ACTIVE:
        return 0
    return await hand_over(subscription, uow)


async def hand_over(subscription: Subscription, uow: NotifyUnitOfWork) -> int:
    """One batch, inside a running transaction that holds the lock of the feed."""
    waiting = await uow.feeds.waiting(subscription.id, limit=BATCH)
    for delivery in waiting:
        await uow.publish_to_partner(as_partner_message(delivery))
        await uow.feeds.handed_over(delivery, uow.now())
    await uow.feeds.due(subscription.id, uow.now() if len(waiting) == BATCH else None)
    return len(waiting)


def as_partner_message(delivery: Delivery) -> PartnerMessage:
    """The message of a delivery, read back from the document that was kept."""
    document = json.loads(delivery.body)
    return PartnerMessage(
        id=delivery.id,
        message_type=document["type"].removeprefix(PREFIX),
        subject=UUID(document["subject"]),
        time=datetime.fromisoformat(document["time"]),
        community=document["community"],
        subscription=delivery.subscription,
        sequence=delivery.sequence,
        data=document["data"],
    )
