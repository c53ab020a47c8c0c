"""Ends background tasks, also those that overhear it."""

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_SECONDS = 0.5


async def end(tasks: "Iterable[asyncio.Task[Any]]") -> None:
    """Cancel tasks and wait until they are over.

    `asyncio.wait_for` of Python 3.11, which the client libraries use, swallows a cancellation that comes in the moment in which
    its work is done. A task that goes on after being cancelled is cancelled again.
    """
    left = {task for task in tasks if not task.done()}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_SECONDS)
