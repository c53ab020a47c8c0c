"""How the use cases keep meetings."""

from typing import Protocol
from uuid import UUID

from services.issues.domain.meeting import Meeting
from shared.principal import Principal


class MeetingStore(Protocol):
    """The meetings of one community, with participants and agenda."""

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """The meeting, if this person may see it (None: the rules ask). Raises MeetingNotFound or PreconditionFailed."""
        ...

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        ...

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting with its items. Raises ConcurrentChange."""
        ...
