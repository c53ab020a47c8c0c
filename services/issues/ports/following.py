"""How the use cases keep who joined an issue."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID


class FollowerStore(Protocol):
    """The followers of the issues of one community. The number of them stands on the issue; it does not make a new version of it."""

    async def join(self, issue_id: UUID, person: UUID, at: datetime) -> int | None:
        """Add a person; returns how many there are now, None if the person was among them already."""
        ...

    async def leave(self, issue_id: UUID, person: UUID) -> int | None:
        """Take a person out; returns how many are left, None if the person was not among them."""
        ...

    async def follows(self, issue_id: UUID, person: UUID) -> bool:
        """Whether the person joined."""
        ...

    async def urge(self, issue_id: UUID, person: UUID, day: date, at: datetime) -> int | None:
        """Note that a person urged on this day; returns how often somebody did, None if this person did so on this day already."""
        ...

    async def move(self, from_issue: UUID, to_issue: UUID, *, without: UUID | None, at: datetime) -> int:
        """Let all followers of one issue follow another one as well (`without`: its reporter); returns how many are new there."""
        ...

    async def of(self, issue_id: UUID) -> tuple[UUID, ...]:
        """Everybody who follows an issue, in a fixed order."""
        ...
