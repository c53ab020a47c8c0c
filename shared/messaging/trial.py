"""Finds the message that kills the process, and lets those go that were only held beside it.

When a process dies, everything it held is delivered again and nobody knows which message did it. From its third delivery on a
message is worked on alone, with a note in the database that is taken back afterwards. A note that is still there at the
next start convicts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.messaging.bookkeeping import Bookkeeping, DeadLetter
from shared.messaging.failures import EndsTheProcess
from shared.messaging.inbox import AlreadyProcessed
from shared.messaging.settings import RetrySchedule

T = TypeVar("T")


class Court:
    """Tries the suspicious messages of one consumer, one at a time."""

    def __init__(self, bookkeeping: Bookkeeping, retries: RetrySchedule) -> None:
        self._books = bookkeeping
        self._retries = retries
        self._one_at_a_time = asyncio.Lock()

    def suspects(self, attempt: int) -> bool:
        """Whether a message delivered so often may be a killer."""
        return attempt >= self._retries.suspicious_from

    async def tried(self, letter: DeadLetter, work: Callable[[], Awaitable[T]]) -> T:
        """Do the work under a note. Raises `EndsTheProcess` when it never survived, `AlreadyProcessed` when it is a dead letter."""
        async with self._one_at_a_time:
            trials = await self._books.insist(lambda: self._books.put_on_trial(letter))
            if trials == 0:
                raise AlreadyProcessed
            if trials > self._retries.trials:
                raise EndsTheProcess
            try:
                return await work()
            finally:
                await self._books.insist(lambda: self._books.acquit(letter))
