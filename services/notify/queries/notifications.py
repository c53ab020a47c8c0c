"""A person's inbox."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.storage.tables import notifications
from shared.database.keyset import Keyset

NEWEST_FIRST = Keyset((notifications.c.id,), descending=True)
"""Ids grow with time."""


async def my_notifications(
    connection: AsyncConnection, community: str, person: UUID, *, unread: bool, limit: int, cursor: str | None
) -> tuple[Sequence[Any], str | None]:
    """One page of a person's notifications, newest first, and the cursor of the next one."""
    statement = select(notifications).where(*_mine(community, person, unread=unread))
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=limit, cursor=cursor))).all()
    return NEWEST_FIRST.cut(rows, limit=limit)


async def unread_count(connection: AsyncConnection, community: str, person: UUID) -> int:
    """How many notifications a person has not read."""
    statement = select(func.count()).select_from(notifications).where(*_mine(community, person, unread=True))
    return int((await connection.execute(statement)).scalar_one())


def _mine(community: str, person: UUID, *, unread: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [notifications.c.community == community, notifications.c.person == person]
    if unread:
        conditions.append(notifications.c.read_at.is_(None))
    return conditions
