"""Argon2id (19 MiB, 2 passes, 1 lane, as OWASP asks at least) in a few threads beside the event loop.

The queue is bounded: a flood of logins is told to come back later instead of taking memory and time from everybody.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Unavailable

R = TypeVar("R")

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
THREADS = 2
"""At most this many hashes at once: 19 MiB and a core each."""
WAITING = 100
"""At 30 ms a hash the last in the queue waits for less than two seconds."""


class Argon2Passwords:
    """Hashes and checks passwords. `close` it at the end."""

    def __init__(self, *, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._room = threads + waiting
        self._in_hand = 0
        self._nobody = self._hasher.hash("the password of nobody")

    async def hash(self, password: str) -> str:
        """A salted hash to store."""
        return await self._away(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is right. None takes just as long and is never right."""
        right = await self._away(self._check, password_hash or self._nobody, password)
        return right and password_hash is not None

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _check(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _away(self, work: Callable[..., R], *arguments: str) -> R:
        if self._in_hand >= self._room:
            raise Unavailable(
                "登录人数过多，请稍后再试", "Too many logins at once; please try again", retry_after_seconds=2
            )
        self._in_hand += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._in_hand -= 1
