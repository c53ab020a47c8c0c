"""What the sweeps need of the database: to be the only one who sweeps, and to know which communities there are."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from shared.database.engine import Database, driver_of

LOCK = 7_205_321_001
"""Advisory lock of this database: of all replicas, one sweeps at a time."""


class Sweeps:
    """Access of the sweeps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[bool]:
        """True inside the block if nobody else sweeps, and nobody will start to before it ends."""
        connection = await self._database.open(None)
        try:
            driver = driver_of(connection)
            mine = bool(await driver.fetchval("SELECT pg_try_advisory_lock($1)", LOCK))
            try:
                yield mine
            finally:
                if mine and not driver.is_closed():
                    await driver.execute(f"SELECT pg_advisory_unlock({LOCK})")
        finally:
            await self._database.release(connection)

    async def communities(self) -> Sequence[str]:
        """Keys of all communities that this service works for."""
        connection = await self._database.open(None)
        try:
            return [
                row["slug"]
                for row in await driver_of(connection).fetch("SELECT slug FROM communities_served ORDER BY 1")
            ]
        finally:
            await self._database.release(connection)
