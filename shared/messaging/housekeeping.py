"""What the relaying replica does besides: measure the outbox, and remove what nobody can need any more, in small bites."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from shared.clock import Clock
from shared.database.engine import Database
from shared.errors import AppError
from shared.messaging import metrics
from shared.messaging.autocommit import autocommit
from shared.messaging.ending import end
from shared.messaging.settings import RelaySettings
from shared.observability.logging import get_logger

log = get_logger("messaging")

MEASURE = text("""
SELECT (SELECT count(*) FROM outbox WHERE published_at IS NULL AND parked_at IS NULL) AS waiting,
       (SELECT occurred_at FROM outbox WHERE published_at IS NULL AND parked_at IS NULL ORDER BY position LIMIT 1) AS oldest,
       (SELECT count(*) FROM outbox WHERE parked_at IS NOT NULL) AS parked
""")

OLD = {
    "outbox": text("""
        DELETE FROM outbox WHERE id IN (
            SELECT id FROM outbox WHERE published_at < :before ORDER BY published_at LIMIT :chunk)"""),
    "inbox": text("""
        DELETE FROM inbox WHERE (consumer, message_id) IN (
            SELECT consumer, message_id FROM inbox WHERE processed_at < :before ORDER BY processed_at LIMIT :chunk)"""),
    "idempotency_keys": text("""
        DELETE FROM idempotency_keys WHERE (community, actor, route, key) IN (
            SELECT community, actor, route, key FROM idempotency_keys
            WHERE created_at < :before ORDER BY created_at LIMIT :chunk)"""),
}


class Housekeeping:
    """Measures and tidies one service's tables."""

    def __init__(
        self,
        service: str,
        database: Database,
        *,
        clock: Clock,
        settings: RelaySettings,
        is_leader: Callable[[], bool],
    ) -> None:
        self._service = service
        self._database = database
        self._clock = clock
        self._settings = settings
        self._is_leader = is_leader
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin."""
        self._tasks = [
            asyncio.create_task(self._every(self._settings.measure_seconds, self.measure)),
            asyncio.create_task(self._every(self._settings.housekeeping_seconds, self.tidy)),
        ]

    async def stop(self) -> None:
        """Stop."""
        await end(self._tasks)

    async def measure(self) -> None:
        """Set the gauges of the outbox. Every replica does: each is asked for its metrics."""
        async with autocommit(self._database) as connection:
            found = (await connection.execute(MEASURE)).one()
        age = (self._clock.now() - found.oldest).total_seconds() if found.oldest is not None else 0.0
        metrics.OUTBOX_UNPUBLISHED.labels(self._service).set(found.waiting)
        metrics.OUTBOX_OLDEST.labels(self._service).set(max(0.0, age))
        metrics.OUTBOX_PARKED.labels(self._service).set(found.parked)

    async def tidy(self) -> None:
        """Delete published messages, inbox rows and idempotent answers whose time is over."""
        if not self._is_leader():
            return
        keep = {
            "outbox": self._settings.keep_published_days,
            "inbox": self._settings.keep_inbox_days,
            "idempotency_keys": self._settings.keep_keys_days,
        }
        for table, days in keep.items():
            removed = await self._remove(table, days)
            if removed:
                log.info("housekeeping.removed", kind=table, count=removed)

    async def _remove(self, table: str, days: float) -> int:
        before, removed = self._clock.now() - timedelta(days=days), 0
        while True:
            async with autocommit(self._database) as connection:
                result = await connection.execute(OLD[table], {"before": before, "chunk": self._settings.chunk})
            removed += result.rowcount
            if result.rowcount < self._settings.chunk:
                return removed
            await asyncio.sleep(0.05)  # let requests pass between two bites

    async def _every(self, seconds: float, work: Callable[[], object]) -> None:
        while True:
            try:
                await work()  # type: ignore[misc]
            except AppError as error:
                log.warning("housekeeping.postponed", reason=str(error))
            except Exception:
                log.exception("housekeeping.failed")
            await asyncio.sleep(seconds)
