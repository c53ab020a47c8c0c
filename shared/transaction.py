"""`@one_transaction`: the one place where a use case commits, visible on its first line. Framework-free on purpose.

Leaving the use case commits its rows, its messages and the proof that it ran (idempotency answer or inbox row) together,
or none of them. When the database asks to try again (deadlock), the whole use case runs anew on a fresh transaction.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Protocol, Self, TypeVar

from shared.errors import Unavailable

ATTEMPTS = 3


class TryAgain(Unavailable):
    """The database broke off our transaction in favour of another one; the same work will succeed when it is repeated."""


class Transaction(Protocol):
    """What the decorator needs of a unit of work."""

    async def __aenter__(self) -> Self:
        """Begin, bind the tenant, claim the idempotency key or inbox row."""
        ...

    async def __aexit__(self, kind: type[BaseException] | None, /, *rest: object) -> None:
        """Commit when nothing was raised, else roll back."""
        ...

    async def finish(self, result: object) -> None:
        """Write the proof that the work was done, with its result, into this transaction."""
        ...


Command = TypeVar("Command")
Result = TypeVar("Result")
Uow = TypeVar("Uow", bound=Transaction)


def one_transaction(
    use_case: Callable[[Command, Uow], Awaitable[Result]],
) -> Callable[[Command, Uow], Awaitable[Result]]:
    """Run a use case inside its unit of work and commit when it returns."""

    @wraps(use_case)
    async def run(command: Command, uow: Uow) -> Result:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with uow:
                    result = await use_case(command, uow)
                    await uow.finish(result)
            except TryAgain:
                if attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.03) * attempt)  # noqa: S311 - jitter, not a secret
            else:
                return result
        raise AssertionError("unreachable: the last attempt returns or raises")

    return run
