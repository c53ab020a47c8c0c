"""How the use cases keep attendance."""

from typing import Protocol
from uuid import UUID

from services.issues.domain.meetings.attendance import Attendance


class AttendanceStore(Protocol):
    """Who came to which meeting."""

    async def key_of(self, meeting_id: UUID) -> bytes:
        """The secret with which this meeting's codes are made. Raises MeetingNotFound."""
        ...

    async def one(self, meeting_id: UUID, person_id: UUID) -> Attendance | None:
        """What is noted about one person. Two who note the same person wait for each other."""
        ...

    async def of(self, meeting_id: UUID) -> tuple[Attendance, ...]:
        """Everything that is noted about a meeting."""
        ...

    async def keep(self, meeting_id: UUID, attendance: Attendance) -> None:
        """Note it, in place of what was noted before. Whoever came without invitation becomes a guest of the meeting."""
        ...
