"""One replica in a process of its own, to be killed in the middle of a handler.

python -m shared.tests.timers.process '{"service": "issues", ...}'
"""

import asyncio
import json
import sys
from typing import Any

from shared.clock import FrozenClock
from shared.testing.databases import Database
from shared.tests.timers.world import NOW, Replica
from shared.timers import Ring


async def stall(ring: Ring, uow: Any) -> None:
    """Remove the timer and write, and never commit."""
    async with uow:
        await uow.timers.set("plain", ring.subject, NOW)
        print("handling", flush=True)
        await asyncio.sleep(60)


async def run(database: Database) -> None:
    """Sweep until the end comes."""
    replica = Replica(database, FrozenClock(NOW), "killed", handlers={"stalls": stall})
    await replica.sweeper.sweep()


if __name__ == "__main__":
    asyncio.run(run(Database(**json.loads(sys.argv[1]))))
