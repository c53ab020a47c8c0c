"""A partner unit subscribes to messages of a community."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.errors import FilterNotPossible, TooManySubscriptions
from services.notify.domain.subscription import MOST_PER_ORGANISATION, Channel, Filters, Subscription
from services.notify.ports import NotifyUnitOfWork
from services.notify.rulebook import PARTNERS
from services.notify.use_cases.tell_people import TellPeople, tell
from shared.contracts.notify import SubscriptionCreated
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CreateSubscription:
    """What the partner wants. `url` was checked; `credential` is the secret in the form in which it is kept."""

    subscription_id: UUID
    organisation: UUID
    name: str
    channel: Channel
    url: str | None
    filters: Filters
    credential: bytes
    by: UUID


@one_transaction
async def create_subscription(command: CreateSubscription, uow: NotifyUnitOfWork) -> Subscription:
    """Begin to number and send what the filters let through, from now on."""
    refuse_withheld_types(command.filters)
    if await uow.subscriptions.count_of(command.organisation) >= MOST_PER_ORGANISATION:
        raise TooManySubscriptions(
            f"每个单位最多 {MOST_PER_ORGANISATION} 个订阅",
            f"An organisation may have {MOST_PER_ORGANISATION} subscriptions",
        )
    at = uow.now()
    subscription = Subscription(
        id=command.subscription_id,
        organisation=command.organisation,
        name=command.name,
        channel=command.channel,
        url=command.url,
        filters=command.filters,
        credential=command.credential,
        created_by=command.by,
        created_at=at,
        updated_at=at,
    )
    await uow.subscriptions.add(subscription)
    message = SubscriptionCreated(
        subscription_id=subscription.id, organisation_id=subscription.organisation, channel=subscription.channel.value
    )
    await uow.publish(message)
    await tell(TellPeople(new_id(), message.message_type, message.model_dump(), at), uow)
    return subscription


def refuse_withheld_types(filters: Filters) -> None:
    """Raise FilterNotPossible for types that partners do not get, naming them."""
    wrong = [name for name in filters.types if name not in PARTNERS.offered]
    if wrong:
        offered = sorted(PARTNERS.offered)
        raise FilterNotPossible(
            f"不能订阅这些消息类型：{'、'.join(wrong)}",
            f"Partners cannot subscribe to: {', '.join(wrong)}",
            fields={"filters.types": (f"可选：{'、'.join(offered)}", f"choose from: {', '.join(offered)}")},
        )
