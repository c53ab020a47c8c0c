"""What a service does when a timer rings: `@timers.rings("kind")` on a function named by what it does.

A service's `timers.py` makes one `Timers` object. A handler is an edge like a consumer: it turns the ring into a command and
hands the unit of work to exactly one use case. That use case runs in the community of the timer, and the timer is removed
in its transaction, so a ring has its effect once however often it is tried.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

Handler = Callable[["Ring", Any], Awaitable[None]]
H = TypeVar("H", bound=Callable[..., Awaitable[None]])


@dataclass(frozen=True, slots=True)
class Ring:
    """One timer that is due."""

    community: str
    kind: str
    subject: UUID
    key: str
    due_at: datetime
    """For when it was set. The present moment is `uow.now()`, and may be later."""
    attempt: int = 1
    """1 for the first try."""


class Timers:
    """Collects the handlers of one service."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._handlers: dict[str, Handler] = {}

    def rings(self, kind: str) -> Callable[[H], H]:
        """Register the decorated coroutine `(ring, uow)` for timers of a kind. It is returned unchanged, for tests to call."""

        def register(handler: H) -> H:
            if kind in self._handlers:
                raise TypeError(f"{self.service}: two handlers for timers of kind {kind}")
            self._handlers[kind] = handler
            return handler

        return register

    def handler(self, kind: str) -> Handler | None:
        """What to do when a timer of this kind rings."""
        return self._handlers.get(kind)

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds that have a handler."""
        return tuple(sorted(self._handlers))
