"""A feed is due but has nothing to send, because what waited was forgotten after its time: let it rest."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RestFeed:
    """Whose feed."""

    subscription_id: UUID


@one_transaction
async def rest_feed(command: RestFeed, uow: NotifyUnitOfWork) -> bool:
    """Take the feed off the list of what is due, unless something waits after all; says whether it rests."""
    await uow.feeds.lock(command.subscription_id)
    if await uow.feeds.waiting(command.subscription_id, limit=1):
        return False
    await uow.feeds.due(command.subscription_id, None)
    return True
