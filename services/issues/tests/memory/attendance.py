"""Roster, rules, attendance and plans of meetings in memory."""

from copy import deepcopy
from datetime import date, datetime
from uuid import UUID

from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.errors.roster import RosterEntryNotFound
from services.issues.domain.meeting import Participant
from services.issues.domain.meetings.attendance import Attendance
from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.domain.words.meetings import MeetingKind, Seat
from services.issues.tests.memory.meetings import MemoryMeetings
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemoryRoster:
    """Satisfies `ports.RosterStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, RosterEntry] = {}

    async def get(self, entry_id: UUID, *, expected_version: int | None = None) -> RosterEntry:
        """A copy of the entry."""
        if entry_id not in self.kept:
            raise RosterEntryNotFound
        check_version(self.kept[entry_id].version, expected_version)
        return deepcopy(self.kept[entry_id])

    async def add(self, entry: RosterEntry) -> None:
        """Keep a new entry."""
        self.kept[entry.id] = deepcopy(entry)

    async def save(self, entry: RosterEntry) -> None:
        """Keep a changed entry."""
        if self.kept[entry.id].version != entry.version:
            raise ConcurrentChange
        entry.version += 1
        self.kept[entry.id] = deepcopy(entry)

    async def between(self, kind: MeetingKind, first: date, last: date | None) -> tuple[RosterEntry, ...]:
        """Entries that hold on some day of this time."""
        return tuple(
            deepcopy(one)
            for one in self.kept.values()
            if one.kind is kind and (one.until or date.max) >= first and one.since <= (last or date.max)
        )

    async def on(self, kind: MeetingKind, day: date) -> tuple[RosterEntry, ...]:
        """Entries that hold on this day."""
        return await self.between(kind, day, day)


class MemoryMeetingRules:
    """Satisfies `ports.MeetingRules`."""

    def __init__(self) -> None:
        self.kept: dict[MeetingKind, QuorumRule] = {}

    async def quorum(self, kind: MeetingKind) -> QuorumRule:
        """The rule of a kind."""
        return self.kept.get(kind, QuorumRule())

    async def keep_quorum(self, kind: MeetingKind, rule: QuorumRule, *, by: UUID, at: datetime) -> None:  # noqa: ARG002
        """Keep the rule of a kind."""
        self.kept[kind] = rule


class MemoryAttendance:
    """Satisfies `ports.AttendanceStore`."""

    def __init__(self, meetings: MemoryMeetings) -> None:
        self.meetings = meetings
        self.kept: dict[tuple[UUID, UUID], Attendance] = {}

    async def key_of(self, meeting_id: UUID) -> bytes:
        """A key that differs from meeting to meeting."""
        if meeting_id not in self.meetings.kept:
            raise MeetingNotFound
        return meeting_id.bytes * 2

    async def one(self, meeting_id: UUID, person_id: UUID) -> Attendance | None:
        """What is noted about one person."""
        return self.kept.get((meeting_id, person_id))

    async def of(self, meeting_id: UUID) -> tuple[Attendance, ...]:
        """Everything that is noted about a meeting."""
        return tuple(one for (meeting, _), one in sorted(self.kept.items()) if meeting == meeting_id)

    async def keep(self, meeting_id: UUID, attendance: Attendance) -> None:
        """Note it."""
        self.kept[meeting_id, attendance.person_id] = attendance
        if not attendance.invited:
            await self.meetings.invite(meeting_id, (Participant(attendance.person_id, Seat.GUEST),))
