"""Who came (签到). One row per person and meeting; those whom nobody noted are absent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.issues.domain.errors.attendance import AttendanceNotOpen, NotInvited
from services.issues.domain.meeting import STANDING_SEATS, Meeting
from services.issues.domain.meetings.quorum import Quorum, QuorumRule
from services.issues.domain.words.meetings import AttendedBy, Presence, Seat

OPENS_BEFORE = timedelta(hours=2)
"""From when on people can attend a meeting."""
LATE_AFTER = timedelta(minutes=15)
"""Academic quarter: who comes later is late, and counts as there."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """That a person came, came late, or is excused."""

    person_id: UUID
    presence: Presence
    how: AttendedBy
    at: datetime
    noted_by: UUID
    invited: bool

    @property
    def there(self) -> bool:
        """Whether the person was at the table."""
        return self.presence is not Presence.EXCUSED


def attended_by_code(meeting: Meeting, person_id: UUID, at: datetime) -> Attendance:
    """A person who scanned the code, in time or late. Whoever is in the room counts, invited or not."""
    meeting.refuse_if_over()
    if at < meeting.starts_at - OPENS_BEFORE:
        raise AttendanceNotOpen
    presence = Presence.LATE if at > meeting.starts_at + LATE_AFTER else Presence.PRESENT
    return Attendance(person_id, presence, AttendedBy.CODE, at, person_id, meeting.is_invited(person_id))


def noted_by_hand(meeting: Meeting, person_id: UUID, presence: Presence, *, by: UUID, at: datetime) -> Attendance:
    """What the chair notes. To be excused one must be invited; excuses come in before the meeting opens, too."""
    meeting.refuse_if_over()
    invited = meeting.is_invited(person_id)
    if presence is Presence.EXCUSED and not invited:
        raise NotInvited(fields={"person_id": ("不在参会名单上", "is not invited")})
    if presence is not Presence.EXCUSED and at < meeting.starts_at - OPENS_BEFORE:
        raise AttendanceNotOpen
    return Attendance(person_id, presence, AttendedBy.HAND, at, by, invited)


@dataclass(frozen=True, slots=True)
class AttendanceSheet:
    """A meeting's attendance as a whole: quorum, and the standing seats that nobody present holds."""

    quorum: Quorum
    missing_seats: tuple[Seat, ...]
    late: int
    excused: int
    guests: int


def sheet_of(meeting: Meeting, attendance: Iterable[Attendance], rule: QuorumRule) -> AttendanceSheet:
    """Count. A person with two seats fills both and counts once."""
    noted = tuple(attendance)
    there = {one.person_id for one in noted if one.there}
    invited = meeting.invited_persons()
    filled = {participant.seat for participant in meeting.participants if participant.person_id in there}
    return AttendanceSheet(
        quorum=rule.applied(invited=len(invited), attended=len(there & invited)),
        missing_seats=tuple(seat for seat in STANDING_SEATS[meeting.kind] if seat not in filled),
        late=sum(1 for one in noted if one.presence is Presence.LATE),
        excused=sum(1 for one in noted if one.presence is Presence.EXCUSED),
        guests=len(there - invited),
    )
