"""A web hook was called: note what came of it, and decide when to go on."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.delivery import DeliveryState, Outcome
from services.notify.domain.retry import RetrySchedule
from services.notify.domain.subscription import DisabledBecause, State, Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.use_cases.tell_people import TellPeople, tell
from shared.contracts.notify import SubscriptionDisabled
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordTry:
    """One try of one delivery."""

    subscription_id: UUID
    delivery_id: UUID
    outcome: Outcome
    schedule: RetrySchedule


@one_transaction
async def record_try(command: RecordTry, uow: NotifyUnitOfWork) -> DeliveryState:
    """Delivered: the next one is due. Refused: later, by the schedule. 410 or schedule used up: the subscription is disabled."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(command.subscription_id)
    delivery = await uow.feeds.find(command.delivery_id)
    if delivery is None or delivery.state is DeliveryState.DELIVERED:
        return DeliveryState.DELIVERED
    outcome = command.outcome
    delivery.tried(outcome)
    await uow.feeds.tried(delivery, outcome)
    if subscription.state is not State.ACTIVE:
        return delivery.state  # paused while we were calling
    if outcome.arrived:
        more = await uow.feeds.waiting(subscription.id, limit=1)
        await uow.feeds.due(subscription.id, outcome.at if more else None)
    elif outcome.gone:
        await _disable(subscription, DisabledBecause.GONE, uow)
    else:
        next_try = command.schedule.next_try(delivery.tries, outcome.at, outcome.retry_after)
        if next_try is None:
            await _disable(subscription, DisabledBecause.EXHAUSTED, uow)
        else:
            await uow.feeds.due(subscription.id, next_try)
    return delivery.state


async def _disable(subscription: Subscription, because: DisabledBecause, uow: NotifyUnitOfWork) -> None:
    subscription.disable(because, uow.now())
    await uow.subscriptions.save(subscription)
    message = SubscriptionDisabled(
        subscription_id=subscription.id, organisation_id=subscription.organisation, reason=because.value
    )
    await uow.publish(message)
    await tell(TellPeople(new_id(), message.message_type, message.model_dump(), uow.now()), uow)
