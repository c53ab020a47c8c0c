"""A partner gets a new secret; the old one works for another day."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.subscription import Subscription
from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Which subscription, of whose, and the new secret in the form in which it is kept."""

    subscription_id: UUID
    credential: bytes
    of: frozenset[UUID] | None = None
    expected_version: int | None = None


@one_transaction
async def rotate_secret(command: RotateSecret, uow: NotifyUnitOfWork) -> Subscription:
    """Take the new secret into use. For a day web hooks carry both signatures, and NATS takes both passwords."""
    await uow.feeds.lock(command.subscription_id)
    subscription = await uow.subscriptions.get(
        command.subscription_id, of=command.of, expected_version=command.expected_version
    )
    subscription.rotate(command.credential, uow.now())
    await uow.subscriptions.save(subscription)
    return subscription
