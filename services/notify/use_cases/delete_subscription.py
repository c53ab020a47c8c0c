"""A partner gives a subscription up for good."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.subscription import Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.use_cases.tell_people import TellPeople, tell
from shared.contracts.notify import SubscriptionDisabled
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeleteSubscription:
    """Which one, of whose (None: anybody's), in which version."""

    subscription_id: UUID
    of: frozenset[UUID] | None = None
    expected_version: int | None = None


@one_transaction
async def delete_subscription(command: DeleteSubscription, uow: NotifyUnitOfWork) -> Subscription:
    """Forget the subscription, its secret and whatever waited. Its NATS consumer and login end with it."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(
        command.subscription_id, of=command.of, expected_version=command.expected_version
    )
    await uow.subscriptions.remove(subscription)
    message = SubscriptionDisabled(
        subscription_id=subscription.id, organisation_id=subscription.organisation, reason="deleted"
    )
    await uow.publish(message)
    await tell(TellPeople(new_id(), message.message_type, message.model_dump(), uow.now()), uow)
    return subscription
