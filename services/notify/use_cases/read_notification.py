"""A person read a notification."""

from dataclasses import dataclass
from uuid import UUID

from services.notify.domain.notification import Notification
from services.notify.ports import NotifyUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReadNotification:
    """Which one, and who."""

    notification_id: UUID
    person: UUID


@one_transaction
async def read_notification(command: ReadNotification, uow: NotifyUnitOfWork) -> Notification:
    """Mark one notification of this person as read; the first reading counts. Raises NotificationNotFound."""
    return await uow.inboxes.mark_read(command.person, command.notification_id, uow.now())
