"""Serves notify in a process of its own until it is killed: `python -m … serving_process`, settings as JSON on standard input."""

import asyncio
import json
import sys
from datetime import timedelta

from services.notify.domain.retry import RetrySchedule
from services.notify.settings import NotifySettings
from services.notify.tests.integration.running import running


async def serve() -> None:
    """Start, say so, and wait to be killed."""
    given = json.loads(sys.stdin.read())
    settings = NotifySettings(
        **{
            **given,
            "principal_public_key": given["principal_public_key"].encode(),
            "webhook_allowed_hosts": frozenset(given["webhook_allowed_hosts"]),
        }
    )
    schedule = RetrySchedule((timedelta(0), *(timedelta(milliseconds=20) for _ in range(20))), lambda: 0.5)
    async with running(settings, schedule):
        print("serving", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
