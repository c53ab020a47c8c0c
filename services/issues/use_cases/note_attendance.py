"""Note attendance by hand: for people without a telephone, and for excuses."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.meetings.attendance import Attendance, noted_by_hand
from services.issues.domain.words.meetings import Presence
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MeetingAttended
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NoteAttendance:
    """Who came, came late or is excused."""

    meeting_id: UUID
    person_id: UUID
    presence: Presence
    by: Principal


@one_transaction
async def note_attendance(command: NoteAttendance, uow: IssuesUnitOfWork) -> Attendance:
    """Write down what the chair saw, in place of what was noted before."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by)
    try:
        await uow.directory.check_members((command.person_id,))
    except UnknownParticipant:
        raise UnknownParticipant(fields={"person_id": ("不是本社区成员", "not a member of this community")}) from None
    before = await uow.attendance.one(meeting.id, command.person_id)
    attendance = noted_by_hand(meeting, command.person_id, command.presence, by=command.by.person, at=uow.now())
    await uow.attendance.keep(meeting.id, attendance)
    if attendance.there and (before is None or not before.there):
        await uow.publish(
            MeetingAttended(
                meeting_id=meeting.id,
                kind=meeting.kind,
                person_id=command.person_id,
                presence=attendance.presence,
                invited=attendance.invited,
            )
        )
    return attendance
