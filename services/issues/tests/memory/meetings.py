"""Meetings in memory."""

from copy import deepcopy
from uuid import UUID

from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meeting import Meeting
from shared.database.versioned import check_version
from shared.errors import ConcurrentChange
from shared.principal import Principal


class MemoryMeetings:
    """Satisfies `ports.MeetingStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Meeting] = {}

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """A copy of the meeting."""
        if meeting_id not in self.kept:
            raise MeetingNotFound
        meeting = deepcopy(self.kept[meeting_id])
        if seen_by is not None:
            meeting.check_visible_to(seen_by)
        check_version(meeting.version, expected_version)
        return meeting

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        self.kept[meeting.id] = deepcopy(meeting)

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting."""
        if meeting.id not in self.kept:
            raise MeetingNotFound
        if self.kept[meeting.id].version != meeting.version:
            raise ConcurrentChange
        meeting.version += 1
        self.kept[meeting.id] = deepcopy(meeting)
