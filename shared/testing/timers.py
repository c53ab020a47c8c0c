"""Timers in memory, for use cases without a database."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass
class MemoryTimers:
    """Satisfies `shared.timers.TimerStore`. What is set is there to be looked at."""

    set_to: dict[tuple[str, UUID, str], datetime] = field(default_factory=dict)

    async def set(self, kind: str, subject: UUID, due_at: datetime, key: str = "") -> None:
        """Keep or move a timer."""
        self.set_to[kind, subject, key] = due_at

    async def cancel(self, kind: str, subject: UUID, key: str = "") -> None:
        """Remove a timer."""
        self.set_to.pop((kind, subject, key), None)

    async def due_at(self, kind: str, subject: UUID, key: str = "") -> datetime | None:
        """When it will ring."""
        return self.set_to.get((kind, subject, key))
