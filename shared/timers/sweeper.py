"""Rings what is due. A task in every replica; all of them sweep, and each timer has its effect once.

    sweeper = Sweeper(timers, unit_of_work, messaging.database, clock=clock)
    app = create_app(..., lifespan=[messaging, sweeper])

A sweep takes the first due timers by index and leases them (moves their `try_at` ahead), so that replicas share the work. The lease
is only politeness: what makes a ring happen once is that the use case removes the timer's row in its own transaction.
"""

import asyncio
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import text

from shared.clock import Clock, SystemClock
from shared.database.engine import Database, driver_of
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import AppError, ConcurrentChange
from shared.ids import new_id
from shared.messaging.autocommit import autocommit
from shared.messaging.ending import end
from shared.messaging.failures import reason_of
from shared.observability.logging import get_logger
from shared.timers import metrics
from shared.timers.claim import NothingToRing, TimerClaim
from shared.timers.registry import Ring, Timers
from shared.timers.settings import TimerSettings

log = get_logger("timers")

LEASE = """
WITH due AS (
    SELECT community, kind, subject, key FROM timers WHERE try_at <= $1 ORDER BY try_at LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE timers
SET attempts = attempts + 1,
    try_at = $1 + make_interval(secs => least($4::float8, $3::float8 * power(2, least(attempts, 30))))
FROM due
WHERE timers.community = due.community AND timers.kind = due.kind AND timers.subject = due.subject AND timers.key = due.key
RETURNING timers.community, timers.kind, timers.subject, timers.key, timers.due_at, timers.attempts
"""

POSTPONE = """
UPDATE timers SET try_at = $6, last_error = $7
WHERE community = $1 AND kind = $2 AND subject = $3 AND key = $4 AND due_at = $5
"""

MEASURE = text("""
SELECT (SELECT try_at FROM timers ORDER BY try_at LIMIT 1) AS first,
       (SELECT count(*) FROM timers WHERE last_error IS NOT NULL) AS failing
""")

AGAIN = 3
"""Times a ring is tried at once when somebody changed the same thing in the same moment."""


class NoHandler(Exception):
    """This release does not know timers of this kind: a newer one may."""


class Sweeper:
    """The timers of one replica. An async context manager: entered at start, left at stop."""

    def __init__(
        self,
        timers: Timers,
        unit_of_work: UnitOfWorkFactory[Any],
        database: Database,
        *,
        clock: Clock | None = None,
        settings: TimerSettings | None = None,
    ) -> None:
        self.timers = timers
        self._service = timers.service
        self._unit_of_work = unit_of_work
        self._database = database
        self._clock = clock or SystemClock()
        self._settings = settings or TimerSettings()
        self._running: set[asyncio.Task[None]] = set()
        self._subjects: WeakValueDictionary[tuple[str, UUID], asyncio.Lock] = WeakValueDictionary()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    async def __aenter__(self) -> Self:
        """Begin to sweep."""
        self._tasks = [asyncio.create_task(self._sweep_for_ever()), asyncio.create_task(self._measure_for_ever())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take nothing new, let what runs finish, stop."""
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running, timeout=self._settings.drain_seconds)
        await end(self._tasks)
        await end(self._running)

    async def sweep(self, now: datetime | None = None) -> int:
        """Ring everything that is due, also what becomes due by it, until nothing is left; returns how many timers were tried.

        `now` stands for the present moment when deciding what is due; handlers see the clock of the service.
        """
        tried = 0
        while not self._stopping:
            room = self._settings.at_once - len(self._running)
            moment = now or self._clock.now()
            due = await self._lease(moment, room) if room > 0 else []
            for ring in due:
                task = asyncio.create_task(self._ring(ring, moment), name=f"{self._service} rings {ring.kind}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)
            tried += len(due)
            if not self._running:
                return tried
            await asyncio.wait(self._running, timeout=self._settings.poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        return tried

    async def measure(self) -> None:
        """Set the gauges."""
        async with autocommit(self._database) as connection:
            found = (await connection.execute(MEASURE)).one()
        late = (self._clock.now() - found.first).total_seconds() if found.first is not None else 0.0
        metrics.OLDEST.labels(self._service).set(max(0.0, late))
        metrics.FAILING.labels(self._service).set(found.failing)

    async def _lease(self, now: datetime, room: int) -> list[Ring]:
        async with autocommit(self._database) as connection:
            rows = await driver_of(connection).fetch(
                LEASE, now, room, self._settings.lease_seconds, self._settings.retry_longest
            )
        rings = [
            Ring(row["community"], row["kind"], row["subject"], row["key"], row["due_at"], row["attempts"])
            for row in rows
        ]
        return sorted(rings, key=lambda ring: ring.due_at)

    async def _ring(self, ring: Ring, moment: datetime) -> None:
        """Run a handler; whatever comes of it, the others go on."""
        # Two timers of one thing would only get in each other's way.
        lock = self._subjects.setdefault((ring.community, ring.subject), asyncio.Lock())
        async with lock:
            try:
                await self._handle(ring)
            except NothingToRing:
                metrics.VOID.labels(self._service, ring.kind).inc()
            except Exception as error:
                await self._postpone(ring, error, moment)
            else:
                metrics.RUNG.labels(self._service, ring.kind).inc()

    async def _handle(self, ring: Ring) -> None:
        handler = self.timers.handler(ring.kind)
        if handler is None:
            raise NoHandler(ring.kind)
        for attempt in range(1, AGAIN + 1):
            claim = TimerClaim(ring)
            uow = self._unit_of_work(ring.community, correlation_id=str(new_id()), once=claim)
            try:
                async with asyncio.timeout(self._settings.handler_seconds):
                    await handler(ring, uow)
                    if not claim.finished:  # it found nothing to do
                        async with uow:
                            await uow.finish(None)
            except ConcurrentChange:
                if attempt == AGAIN:
                    raise
            else:
                return

    async def _postpone(self, ring: Ring, error: Exception, moment: datetime) -> None:
        reason = "no-handler" if isinstance(error, NoHandler) else reason_of(error)
        metrics.FAILED.labels(self._service, ring.kind, reason).inc()
        if isinstance(error, AppError | NoHandler | TimeoutError):
            log.warning("timer.failed", kind=ring.kind, reason=reason, attempts=ring.attempt)
        else:
            log.exception("timer.failed", kind=ring.kind, reason=reason, attempts=ring.attempt)
        try_at = moment + timedelta(seconds=self._settings.retry_delay(ring.attempt))
        try:
            async with autocommit(self._database) as connection:
                await driver_of(connection).execute(
                    POSTPONE, ring.community, ring.kind, ring.subject, ring.key, ring.due_at, try_at, reason
                )
        except AppError as trouble:
            # The lease brings it back.
            log.warning("timer.not_postponed", kind=ring.kind, reason=str(trouble))

    async def _sweep_for_ever(self) -> None:
        while True:
            try:
                await self.sweep()
            except AppError as error:
                log.warning("timers.postponed", reason=str(error))
            except Exception:
                log.exception("timers.failed")
            await asyncio.sleep(self._settings.poll_seconds)

    async def _measure_for_ever(self) -> None:
        while True:
            try:
                await self.measure()
            except AppError as error:
                log.warning("timers.not_measured", reason=str(error))
            except Exception:
                log.exception("timers.not_measured")
            await asyncio.sleep(self._settings.measure_seconds)
