"""Messages that NATS refused for good: what waits, and how to let them try again after their cause is gone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, select, update

from shared.database.engine import Database
from shared.messaging.autocommit import autocommit
from shared.messaging.tables import outbox


async def parked(database: Database) -> list[RowMapping]:
    """Parked messages, oldest first. Everything later of their aggregates waits behind them. Role: relay."""
    columns = (
        outbox.c.id,
        outbox.c.community,
        outbox.c.aggregate_id,
        outbox.c.type,
        outbox.c.stream,
        outbox.c.subject,
        outbox.c.attempts,
        outbox.c.parked_at,
        outbox.c.last_error,
    )
    async with autocommit(database) as connection:
        found = await connection.execute(
            select(*columns).where(outbox.c.parked_at.is_not(None)).order_by(outbox.c.position)
        )
        return [row._mapping for row in found]


async def unpark(database: Database, ids: Sequence[UUID] | None = None) -> int:
    """Let these (`None`: all) parked messages try again, with all their attempts. Returns how many. Role: relay."""
    again = update(outbox).where(outbox.c.parked_at.is_not(None)).values(parked_at=None, attempts=0)
    if ids is not None:
        again = again.where(outbox.c.id.in_(ids))
    async with autocommit(database) as connection:
        return int((await connection.execute(again)).rowcount)
