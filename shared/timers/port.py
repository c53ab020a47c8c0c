"""What a use case sees of timers. No framework."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class TimerStore(Protocol):
    """The timers of a community. One per (kind, subject, key); they are kept, moved and removed with the transaction."""

    async def set(self, kind: str, subject: UUID, due_at: datetime, key: str = "") -> None:
        """Let `kind` ring for `subject` at `due_at`, or as soon as possible if that is past. Moves a timer that is set already."""
        ...

    async def cancel(self, kind: str, subject: UUID, key: str = "") -> None:
        """Let it not ring. Nothing happens when there is no such timer."""
        ...

    async def due_at(self, kind: str, subject: UUID, key: str = "") -> datetime | None:
        """When it will ring; `None` if it is not set."""
        ...
