"""The sweep: promises, holds and points whose time is over, community by community, in one replica at a time.

Nothing depends on its punctuality: an expired claim or hold is refused where it is used.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import structlog

from services.volunteers.ports import VolunteersUnitOfWork
from services.volunteers.use_cases.expire_claims import ExpireClaims, expire_claims
from services.volunteers.use_cases.expire_holds import ExpireHolds, expire_holds
from services.volunteers.use_cases.expire_points import ExpirePoints, expire_points
from shared.errors import AppError
from shared.ids import new_id

SECONDS_BETWEEN = 30.0
"""An expired promise is back on the wall half a minute later at most."""
BATCH = 100
Step = Callable[[VolunteersUnitOfWork], Awaitable[int]]

STEPS: tuple[tuple[str, Step], ...] = (
    ("claims", lambda uow: expire_claims(ExpireClaims(BATCH), uow)),
    ("holds", lambda uow: expire_holds(ExpireHolds(BATCH), uow)),
    ("points", lambda uow: expire_points(ExpirePoints(BATCH), uow)),
)
log = structlog.get_logger(__name__)


class SweepAccess(Protocol):
    """What the sweep asks of storage."""

    def alone(self) -> AbstractAsyncContextManager[bool]:
        """True inside the block if no other replica sweeps."""
        ...

    async def communities(self) -> Sequence[str]:
        """Keys of all communities."""
        ...


class UnitsOfWork(Protocol):
    """Builds units of work."""

    def __call__(self, community: str, *, correlation_id: str) -> VolunteersUnitOfWork:
        """A unit of work for one community."""
        ...


class Sweep:
    """The background task of one replica."""

    def __init__(
        self, access: SweepAccess, unit_of_work: UnitsOfWork, *, seconds_between: float = SECONDS_BETWEEN
    ) -> None:
        self._access = access
        self._unit_of_work = unit_of_work
        self._seconds_between = seconds_between

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sweep in the background while the block lasts."""
        task = asyncio.create_task(self._forever(), name="volunteers sweep")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def once(self) -> dict[str, int]:
        """Sweep every community now; returns how much of each kind was expired. Nothing if another replica is at it."""
        expired = {name: 0 for name, _ in STEPS}
        async with self._access.alone() as alone:
            if not alone:
                return expired
            for community in await self._access.communities():
                for name, step in STEPS:
                    expired[name] += await self._all_of(community, step)
        return expired

    async def _all_of(self, community: str, step: Step) -> int:
        """Batch after batch, each its own short transaction, until a batch is not full."""
        total = 0
        while True:
            done = await step(self._unit_of_work(community, correlation_id=f"sweep-{new_id()}"))
            total += done
            if done < BATCH:
                return total

    async def _forever(self) -> None:
        while True:
            try:
                expired = await self.once()
                if any(expired.values()):
                    log.info("sweep.expired", **expired)
            except AppError as refusal:  # the database is away for a moment: the next round will do it
                log.warning("sweep.postponed", reason=refusal.slug)
            except Exception:
                log.exception("sweep.failed")
            await asyncio.sleep(self._seconds_between)
