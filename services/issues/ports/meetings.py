"""How the use cases keep meetings."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.words.meetings import MeetingKind
from shared.principal import Principal


class MeetingStore(Protocol):
    """The meetings of one community, with participants and agenda."""

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """The meeting, if this person may see it (None: the rules ask). Raises MeetingNotFound or PreconditionFailed."""
        ...

    async def upcoming(self, kind: MeetingKind, now: datetime) -> tuple[Meeting, ...]:
        """The convened meetings of a kind that have not begun, soonest first; at most a year of weekly ones."""
        ...

    async def of_series(self, series_id: UUID) -> tuple[Meeting, ...]:
        """The newest meetings of a series by their day: all that lie ahead, and as many of those before as a year has."""
        ...

    async def invite(self, meeting_id: UUID, participants: tuple[Participant, ...]) -> None:
        """Add people to the table. Who is there already stays."""
        ...

    async def uninvite(self, meeting_id: UUID, participant: Participant) -> None:
        """Take a person out of a seat."""
        ...

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        ...

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting with its items. Raises ConcurrentChange."""
        ...
