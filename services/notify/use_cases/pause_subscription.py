"""A partner (or the community's administrator) stops the flow of a subscription for a while."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.subscription import Subscription
from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PauseSubscription:
    """Which one, of whose (None: anybody's), in which version."""

    subscription_id: UUID
    of: frozenset[UUID] | None = None
    expected_version: int | None = None


@one_transaction
async def pause_subscription(command: PauseSubscription, uow: NotifyUnitOfWork) -> Subscription:
    """Stop sending. Messages are still numbered and kept, and follow in order when it is resumed."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(
        command.subscription_id, of=command.of, expected_version=command.expected_version
    )
    subscription.pause(uow.now())
    await uow.subscriptions.save(subscription)
    return subscription
