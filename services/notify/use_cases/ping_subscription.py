"""A partner asks for a test message, to see that its receiver and its verification work."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.delivery import PING, Delivery
from services.notify.ports import NotifyUnitOfWork
from services.notify.use_cases.hand_to_partners import HandToPartners, deliver
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PingSubscription:
    """Which subscription, of whose (None: anybody's)."""

    subscription_id: UUID
    of: frozenset[UUID] | None = None


@one_transaction
async def ping_subscription(command: PingSubscription, uow: NotifyUnitOfWork) -> Delivery:
    """Send a message of type `notify.ping.v1` on the same way as every other, with the next number."""
    subscription = await uow.subscriptions.get(command.subscription_id, of=command.of)
    subscription.must_be_active()
    ping = HandToPartners(new_id(), PING, subscription.id, {}, uow.now())
    return await deliver(subscription, ping, {"ping": True}, uow)
