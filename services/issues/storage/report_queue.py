"""The issues that changed and are not counted yet. Housekeeping asks across communities, for it sees the queue of all of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, text

from services.issues.storage.tables.reports import report_queue
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.messaging.autocommit import autocommit

WAITING = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT community, at FROM report_queue ORDER BY community, id LIMIT 1)
        UNION ALL
        SELECT next.community, next.at FROM waiting CROSS JOIN LATERAL (
            SELECT community, at FROM report_queue WHERE community > waiting.community ORDER BY community, id LIMIT 1) AS next
    )
    SELECT community, at FROM waiting
    """
)
"""Jumps from community to community: as fast with a long queue as with a short one."""


async def communities_waiting(housekeeping: Database) -> list[tuple[str, datetime]]:
    """Each community with changed issues, and since when its oldest change waits."""
    async with autocommit(housekeeping) as connection:
        return [(row.community, row.at) for row in await connection.execute(WAITING)]


async def queue_for_counting(uow: UnitOfWork, changed: Sequence[tuple[UUID, datetime]]) -> None:
    """Have these issues counted again, because of what happened at these moments."""
    rows = [{"community": uow.community, "id": new_id(), "issue_id": issue_id, "at": at} for issue_id, at in changed]
    await uow.execute(insert(report_queue), rows)
