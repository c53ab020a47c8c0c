"""Attend a meeting by scanning the code on its screen (practice 11)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.attendance import AttendanceCodeExpired, AttendanceCodeRefused
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meetings.attendance import Attendance, attended_by_code
from services.issues.domain.meetings.attendance_code import check_code
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MeetingAttended
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AttendMeeting:
    """Which meeting, and the code on its screen."""

    meeting_id: UUID
    code: str
    by: Principal


@one_transaction
async def attend_meeting(command: AttendMeeting, uow: IssuesUnitOfWork) -> Attendance:
    """Note that this person is in the room. A second scan changes nothing; a wrong code tells a stranger nothing."""
    meeting, by = await uow.meetings.get(command.meeting_id, seen_by=None), command.by
    try:
        check_code(command.code, await uow.attendance.key_of(meeting.id), meeting.id, uow.now())
    except (AttendanceCodeRefused, AttendanceCodeExpired):
        if not meeting.visible_to(by):
            raise MeetingNotFound from None
        raise
    before = await uow.attendance.one(meeting.id, by.person)
    if before is not None and before.there:
        return before
    attendance = attended_by_code(meeting, by.person, uow.now())
    await uow.attendance.keep(meeting.id, attendance)
    await uow.publish(
        MeetingAttended(
            meeting_id=meeting.id,
            kind=meeting.kind,
            person_id=by.person,
            presence=attendance.presence,
            invited=attendance.invited,
        )
    )
    return attendance
