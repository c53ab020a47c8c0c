"""A replica of the service that does nothing but sweep, as a process of its own: to be killed in the middle of it."""

import asyncio
import json
import sys
from datetime import datetime

from services.issues.tests.integration.town import app_on
from shared.clock import FrozenClock
from shared.testing.databases import Database


async def main(database: Database, moment: datetime) -> None:
    """Say that it is ready, wait for a line, and sweep until it is killed."""
    app = app_on(database, FrozenClock(moment))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while True:
        await app.state.timers.sweep()
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(Database(**json.loads(sys.argv[1])), datetime.fromisoformat(sys.argv[2])))
