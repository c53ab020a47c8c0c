"""A paused or disabled subscription flows again."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.subscription import Channel, Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.use_cases.hand_over_waiting import hand_over
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ResumeSubscription:
    """Which one, of whose (None: anybody's), in which version."""

    subscription_id: UUID
    of: frozenset[UUID] | None = None
    expected_version: int | None = None


@one_transaction
async def resume_subscription(command: ResumeSubscription, uow: NotifyUnitOfWork) -> Subscription:
    """Send what was kept, from the oldest on, with a fresh schedule of retries."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(
        command.subscription_id, of=command.of, expected_version=command.expected_version
    )
    subscription.resume(uow.now())
    await uow.subscriptions.save(subscription)
    oldest = await uow.feeds.waiting(subscription.id, limit=1)
    if oldest:
        await uow.feeds.start_over(oldest[0])
        await uow.feeds.due(subscription.id, uow.now())
        if subscription.channel is Channel.NATS:
            await hand_over(subscription, uow)
    return subscription
