"""The timers of a community in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from shared.database.unit_of_work import UnitOfWork

SET = """
INSERT INTO timers AS known (community, kind, subject, key, due_at, set_at, try_at)
VALUES ($1, $2, $3, $4, $5, $6, $5)
ON CONFLICT (community, kind, subject, key) DO UPDATE
SET due_at = excluded.due_at, set_at = excluded.set_at, try_at = excluded.try_at, attempts = 0, last_error = NULL
WHERE known.due_at <> excluded.due_at
"""
"""Setting a timer to the moment it is set to already changes nothing: not even the pause after a failure."""

CANCEL = "DELETE FROM timers WHERE community = $1 AND kind = $2 AND subject = $3 AND key = $4"

DUE_AT = "SELECT due_at FROM timers WHERE community = $1 AND kind = $2 AND subject = $3 AND key = $4"


class PostgresTimers:
    """Satisfies `TimerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def set(self, kind: str, subject: UUID, due_at: datetime, key: str = "") -> None:
        """Keep or move a timer."""
        await self._uow.fetch_row(SET, self._uow.community, kind, subject, key, due_at, self._uow.now())

    async def cancel(self, kind: str, subject: UUID, key: str = "") -> None:
        """Remove a timer."""
        await self._uow.fetch_row(CANCEL, self._uow.community, kind, subject, key)

    async def due_at(self, kind: str, subject: UUID, key: str = "") -> datetime | None:
        """When it will ring."""
        row = await self._uow.fetch_row(DUE_AT, self._uow.community, kind, subject, key)
        return row["due_at"] if row is not None else None
