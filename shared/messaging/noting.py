"""Moves positions past messages that need nothing done, many at a time: whoever comes while a statement runs joins the next."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared.clock import Clock
from shared.messaging.bookkeeping import Bookkeeping, Run

BREATH_SECONDS = 0.01
"""Between two statements. Each commit costs a sync of the disk, which commands and NATS need as well."""


class Noting:
    """The positions of one consumer. At any time each aggregate is noted by one caller only."""

    def __init__(self, consumer: str, bookkeeping: Bookkeeping, clock: Clock) -> None:
        self._consumer = consumer
        self._books = bookkeeping
        self._clock = clock
        self._waiting: list[tuple[Run, asyncio.Future[int]]] = []
        self._work = asyncio.Event()

    async def note(self, runs: Sequence[Run]) -> dict[UUID, int]:
        """Move positions; returns the stored version of each aggregate, which is below the run's last one when there is a gap."""
        loop = asyncio.get_running_loop()
        mine = [(run, loop.create_future()) for run in runs]
        self._waiting += mine
        self._work.set()
        return {run.aggregate_id: await future for run, future in mine}

    async def write(self) -> None:
        """For ever: one statement for everybody who waits."""
        loop, last = asyncio.get_running_loop(), 0.0
        while True:
            await self._work.wait()
            await asyncio.sleep(max(0.0, last + BREATH_SECONDS - loop.time()))
            last = loop.time()
            self._work.clear()
            taken, self._waiting = self._waiting, []
            stored = await self._advance([run for run, _ in taken])
            for run, future in taken:
                if not future.done():
                    future.set_result(stored[run.aggregate_id])

    async def _advance(self, runs: Sequence[Run]) -> dict[UUID, int]:
        return await self._books.insist(lambda: self._books.advance(self._consumer, runs, self._clock.now()))
