"""Notifications in PostgreSQL. The unique key (community, message, person, template) is what keeps anybody from being told twice."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notify.domain.errors import NotificationNotFound
from services.notify.domain.notification import Notification
from services.notify.storage.tables import notifications
from shared.database.unit_of_work import UnitOfWork


class PostgresInboxes:
    """Satisfies `ports.Inboxes`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, new: Sequence[Notification]) -> int:
        """Put them into the inboxes; what a person already has of the same message and template is left out."""
        rows = [{"community": self._uow.community, **asdict(notification)} for notification in new]
        statement = insert(notifications).values(rows).on_conflict_do_nothing(constraint="notifications_once")
        return len((await self._uow.execute(statement.returning(notifications.c.id))).all())

    async def mark_read(self, person: UUID, notification_id: UUID, at: datetime) -> Notification:
        """Note that the person read it; the first time counts."""
        mine = (
            (notifications.c.community == self._uow.community)
            & (notifications.c.id == notification_id)
            & (notifications.c.person == person)
        )
        statement = update(notifications).where(mine).values(read_at=func.coalesce(notifications.c.read_at, at))
        row = (await self._uow.execute(statement.returning(*notifications.c))).mappings().first()
        if row is None:
            raise NotificationNotFound
        return Notification(**{name: value for name, value in row.items() if name != "community"})

    async def mark_all_read(self, person: UUID, at: datetime) -> int:
        """Note that the person read everything that is there; returns how many were unread."""
        unread = (
            (notifications.c.community == self._uow.community)
            & (notifications.c.person == person)
            & notifications.c.read_at.is_(None)
        )
        ids = select(notifications.c.id).where(unread).order_by(notifications.c.id).with_for_update()
        statement = update(notifications).where(
            notifications.c.community == self._uow.community, notifications.c.id.in_(ids)
        )
        return (await self._uow.execute(statement.values(read_at=at))).rowcount
