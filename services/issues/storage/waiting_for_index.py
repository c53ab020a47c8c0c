"""Which communities have something to index. Asked under the role of housekeeping, which sees that much of all of them."""

from collections.abc import Sequence

from shared.database.engine import Database, driver_of

WAITING = "SELECT community FROM search_queue UNION SELECT community FROM search_backfill ORDER BY 1"


class WaitingForIndex:
    """Satisfies `indexing.Waiting`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def communities(self) -> Sequence[str]:
        """Keys of communities with issues that are not indexed yet."""
        connection = await self._database.open(None)
        try:
            return [row["community"] for row in await driver_of(connection).fetch(WAITING)]
        finally:
            await self._database.release(connection)
