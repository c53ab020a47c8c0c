"""`@one_transaction`: the one place where a use case commits, visible on its first line. Framework-free on purpose.

Leaving the use case commits its rows, its messages and the proof that it ran (idempotency answer or inbox row) together,
or none of them.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Protocol, Self, TypeVar


class Transaction(Protocol):
    """What the decorator needs of a unit of work."""

    async def __aenter__(self) -> Self:
        """Begin, bind the tenant, claim the idempotency key or inbox row."""
        ...

    async def __aexit__(self, *exc: object) -> None:
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
        async with uow:
            result = await use_case(command, uow)
            await uow.finish(result)
        return result

    return run
