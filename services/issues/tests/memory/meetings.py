"""Meetings in memory."""

from copy import deepcopy
from datetime import date, datetime
from uuid import UUID

from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.words.meetings import MeetingKind, MeetingState
from shared.errors import ConcurrentChange
from shared.expected_version import check_version
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

    async def upcoming(self, kind: MeetingKind, now: datetime) -> tuple[Meeting, ...]:
        """Those of a kind that have not begun."""
        ahead = [
            one
            for one in self.kept.values()
            if one.kind is kind and one.starts_at > now and one.state is MeetingState.CONVENED
        ]
        return tuple(deepcopy(sorted(ahead, key=lambda one: (one.starts_at, one.id))))

    async def of_series(self, series_id: UUID) -> tuple[Meeting, ...]:
        """Those of a series by their day."""
        of = [one for one in self.kept.values() if one.series_id == series_id]
        return tuple(deepcopy(sorted(of, key=lambda one: one.series_day or date.max)))

    async def invite(self, meeting_id: UUID, participants: tuple[Participant, ...]) -> None:
        """Add people."""
        kept = self.kept[meeting_id]
        kept.participants = tuple(dict.fromkeys((*kept.participants, *participants)))

    async def uninvite(self, meeting_id: UUID, participant: Participant) -> None:
        """Take a person out of a seat."""
        kept = self.kept[meeting_id]
        kept.participants = tuple(one for one in kept.participants if one != participant)

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
