"""A fact arrived: number it for every subscription whose filters let it through, and put it on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.domain.delivery import Delivery, DeliveryState
from services.notify.domain.issue_facts import IssueFacts
from services.notify.domain.payload import PartnerMessage, allowed_data
from services.notify.domain.subscription import Channel, State, Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.rulebook import PARTNERS
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class HandToPartners:
    """A fact that arrived."""

    message_id: UUID
    message_type: str
    subject: UUID
    fields: Mapping[str, object]
    occurred_at: datetime


@one_transaction
async def hand_to_partners(command: HandToPartners, uow: NotifyUnitOfWork) -> int:
    """Give every subscription concerned its numbered copy with allowed fields only; returns how many there are."""
    facts = await _facts(command, uow)
    if facts.private or command.message_type not in PARTNERS.offered:
        return 0
    data = allowed_data(command.fields, PARTNERS.offered[command.message_type])
    count = 0
    # Ordered by id: two transactions that number the same subscriptions never wait for each other in a circle.
    for subscription in await uow.subscriptions.all():
        concerned = PARTNERS.is_for(subscription.organisation, command.message_type, command.fields)
        if concerned and subscription.filters.let_through(command.message_type, facts.category, facts.severity):
            await deliver(subscription, command, data, uow)
            count += 1
    return count


async def deliver(
    subscription: Subscription, fact: HandToPartners, data: Mapping[str, object], uow: NotifyUnitOfWork
) -> Delivery:
    """Number one message for one subscription and put it into its queue or its stream."""
    message = PartnerMessage(
        id=new_id(),
        message_type=fact.message_type,
        subject=fact.subject,
        time=fact.occurred_at,
        community=uow.community,
        subscription=subscription.id,
        sequence=await uow.feeds.number(subscription.id),
        data=data,
    )
    delivery = Delivery(
        id=message.id,
        subscription=subscription.id,
        sequence=message.sequence,
        message_id=fact.message_id,
        message_type=fact.message_type,
        body=message.body(),
        created_at=uow.now(),
    )
    # What was kept while the subscription was paused goes first.
    at_once = subscription.channel is Channel.NATS and subscription.state is State.ACTIVE
    if at_once and not await uow.feeds.waiting(subscription.id, limit=1):
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, uow.now()
        await uow.publish_to_partner(message)
    await uow.feeds.enqueue(delivery)
    return delivery


async def _facts(command: HandToPartners, uow: NotifyUnitOfWork) -> IssueFacts:
    """Kind, category and severity of the issue; only its first message says them all, so they are remembered."""
    issue = command.fields.get("issue_id")
    if not isinstance(issue, UUID):
        return IssueFacts()
    fields = command.fields
    kind, category, severity = (
        str(fields[name]) if name in fields else None for name in ("kind", "category", "severity")
    )
    said = IssueFacts(kind, category, severity, PARTNERS.is_private(kind, category))
    return await uow.issue_facts.remember(issue, said)
