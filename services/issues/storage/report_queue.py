"""Which communities have changed issues that are not counted yet. Asked by housekeeping, which sees the queue of all of them."""

from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Database
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
