"""Keeps the counts up to date: a task in every replica that looks for communities with changed issues and counts them in small batches.

It finds them under the housekeeping role, which sees nothing but the queue, and counts each in units of work of the community. Whoever
counts a community holds its advisory lock for that transaction; the others pass on. It rests as long as it worked, because those who
report matters come first.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

from prometheus_client import Counter, Gauge

from services.issues.storage.report_queue import communities_waiting
from services.issues.storage.unit_of_work import IssuesUnitOfWorkFactory
from services.issues.use_cases.count_changes import CountChanges, count_changes
from shared.clock import Clock
from shared.database.engine import Database
from shared.errors import AppError
from shared.ids import new_id
from shared.messaging.ending import end
from shared.observability.logging import get_logger

log = get_logger("reports")
COUNTED = Counter("reports_counted_issues", "Changed issues that were counted", ["service"])
LAG = Gauge("reports_lag_seconds", "How long the change that waits longest has not been counted", ["service"])


@dataclass(frozen=True, slots=True)
class ProjectorSettings:
    """How counting is paced."""

    poll_seconds: float = 1.0
    batch: int = 200
    batches_in_a_row: int = 5
    """Then the next community has its turn."""


class Projector:
    """The counting task of one replica. An async context manager for `create_app`."""

    def __init__(
        self,
        unit_of_work: IssuesUnitOfWorkFactory,
        housekeeping: Database,
        *,
        clock: Clock,
        settings: ProjectorSettings | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._housekeeping = housekeeping
        self._clock = clock
        self._settings = settings or ProjectorSettings()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="issues counts")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; a batch that is broken off stays in the queue."""
        if self._task is not None:
            await end([self._task])

    async def catch_up(self) -> int:
        """One round over all communities; returns how many issues were counted."""
        counted = 0
        waiting = await communities_waiting(self._housekeeping)
        self._measure([at for _, at in waiting])
        for community, _ in waiting:
            counted += await self._count(community)
        return counted

    async def _count(self, community: str) -> int:
        counted = 0
        for _ in range(self._settings.batches_in_a_row):
            began = time.monotonic()
            uow = self._unit_of_work(community, correlation_id=str(new_id()))
            batch = await count_changes(CountChanges(self._settings.batch), uow)
            counted += batch
            COUNTED.labels("issues").inc(batch)
            if batch < self._settings.batch:
                break
            await asyncio.sleep(time.monotonic() - began)
        return counted

    def _measure(self, oldest: list[datetime]) -> None:
        lag = (self._clock.now() - min(oldest)).total_seconds() if oldest else 0.0
        LAG.labels("issues").set(max(0.0, lag))

    async def _run(self) -> None:
        while True:
            try:
                counted = await self.catch_up()
            except AppError as error:
                counted = 0
                log.warning("reports.postponed", reason=str(error))
            except Exception:
                counted = 0
                log.exception("reports.failed")
            if counted < self._settings.batch:
                await asyncio.sleep(self._settings.poll_seconds)
