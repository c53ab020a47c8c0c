"""A person empties the list of unread notifications."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReadAllNotifications:
    """Whose."""

    person: UUID


@one_transaction
async def read_all_notifications(command: ReadAllNotifications, uow: NotifyUnitOfWork) -> int:
    """Mark everything in this person's inbox as read; returns how many were unread."""
    return await uow.inboxes.mark_all_read(command.person, uow.now())
