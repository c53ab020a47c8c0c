"""Keeps the search up to date in the background, community by community, beside the requests.

Nothing is missing meanwhile: what waits in the queue is searched as it stands. The index only keeps that part small.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import structlog

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.index_issues import IndexIssues, index_issues
from shared.errors import AppError
from shared.ids import new_id

SECONDS_BETWEEN = 2.0
BATCH = 200
log = structlog.get_logger(__name__)


class Waiting(Protocol):
    """What the indexing asks of storage."""

    async def communities(self) -> Sequence[str]:
        """Keys of communities with issues that are not indexed yet."""
        ...


class UnitsOfWork(Protocol):
    """Builds units of work."""

    def __call__(self, community: str, *, correlation_id: str) -> IssuesUnitOfWork:
        """A unit of work for one community."""
        ...


class Indexing:
    """The background task of one replica. Replicas may run it side by side: a community is indexed by one at a time."""

    def __init__(
        self, waiting: Waiting, unit_of_work: UnitsOfWork, *, seconds_between: float = SECONDS_BETWEEN
    ) -> None:
        self._waiting = waiting
        self._unit_of_work = unit_of_work
        self._seconds_between = seconds_between

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Index in the background while the block lasts."""
        task = asyncio.create_task(self._forever(), name="issues indexing")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def once(self) -> int:
        """Index everything that waits now; returns how many issues that were."""
        total = 0
        for community in await self._waiting.communities():
            while done := await index_issues(
                IndexIssues(BATCH), self._unit_of_work(community, correlation_id=f"index-{new_id()}")
            ):
                total += done
        return total

    async def _forever(self) -> None:
        while True:
            try:
                await self.once()
            except AppError as refusal:  # the database is away for a moment: the next round will do it
                log.warning("indexing.postponed", reason=refusal.slug)
            except Exception:
                log.exception("indexing.failed")
            await asyncio.sleep(self._seconds_between)
