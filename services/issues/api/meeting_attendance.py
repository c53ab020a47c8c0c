"""Attendance: the code on the screen, scanning it, noting by hand, and what it adds up to."""

import io
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import segno
from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, MeetingReader, Now, Uow
from services.issues.domain.errors.attendance import (
    AttendanceCodeExpired,
    AttendanceCodeRefused,
    AttendanceNotOpen,
    NotInvited,
)
from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.meetings import MeetingCancelled, MeetingClosedAlready, MeetingNotFound
from services.issues.domain.errors.moments import PeriodTooLong
from services.issues.domain.meetings.attendance_code import code_at
from services.issues.domain.words.meetings import MeetingKind
from services.issues.permissions import Action
from services.issues.queries.attendance import attendance_at, attendance_key, attendance_totals
from services.issues.queries.meetings import meeting_seen_by
from services.issues.schemas.attendance import (
    AttendanceCodeView,
    AttendanceTotals,
    AttendanceView,
    AttendBody,
    AttendedView,
    NoteAttendanceBody,
)
from services.issues.use_cases.attend_meeting import AttendMeeting, attend_meeting
from services.issues.use_cases.note_attendance import NoteAttendance, note_attendance
from shared.clock import CHINA
from shared.http.commands import Reading, answered, shown
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["meetings"])
Leader = Annotated[Principal, allow(Action.LEAD_MEETING)]
LONGEST_PERIOD = timedelta(days=366)
OVER = (MeetingClosedAlready, MeetingCancelled, AttendanceNotOpen)


@router.get("/meetings/attendance-totals", response_model=AttendanceTotals, responses=problems(PeriodTooLong))
async def totals_of_attendance(
    *,
    community: Community,
    _who: Annotated[Principal, allow(Action.READ_ROSTER)],
    reading: Reading,
    now: Now,
    first: Annotated[date | None, Query(description="缺省为今年1月1日。The year so far by default")] = None,
    last: date | None = None,
    kind: MeetingKind | None = None,
) -> Response:
    """一段时间内已闭会会议的场次、人次、人数。Meetings held, person-times and persons; at most a year at a time."""
    today = now.astimezone(CHINA).date()
    last = last or today
    first = first or last.replace(month=1, day=1)
    if not timedelta() <= last - first <= LONGEST_PERIOD:
        raise PeriodTooLong(fields={"first": ("最长一年，且不晚于结束日", "at most a year before the last day")})
    async with reading as connection:
        return shown(await attendance_totals(connection, community, first, last, kind))


@router.get(
    "/meetings/{meeting_id}/attendance-code",
    response_model=AttendanceCodeView,
    responses=problems(MeetingNotFound, MeetingClosedAlready, MeetingCancelled),
)
async def show_attendance_code(
    community: Community, meeting_id: UUID, who: Leader, reading: Reading, now: Now
) -> Response:
    """会场屏幕上的签到码，30秒一换。The code for the screen in the room; ask again every 30 seconds."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        meeting.refuse_if_over()
        key = await attendance_key(connection, community, meeting_id)
    code = code_at(key, meeting_id, now)
    return shown(
        AttendanceCodeView.model_construct(code=code.text, valid_until=code.valid_until, svg=qr_code(code.text))
    )


@router.post(
    "/meetings/{meeting_id}/attend",
    response_model=AttendedView,
    responses=problems(MeetingNotFound, AttendanceCodeRefused, AttendanceCodeExpired, *OVER),
)
async def attend_by_code(meeting_id: UUID, body: AttendBody, who: MeetingReader, uow: Uow) -> Response:
    """扫码签到；重复扫码无副作用。Attend by scanning the code; a second scan changes nothing."""
    return await answered(attend_meeting(AttendMeeting(meeting_id, body.code, who), uow), uow, view=AttendedView.of)


@router.post(
    "/meetings/{meeting_id}/attendance",
    response_model=AttendedView,
    responses=problems(MeetingNotFound, UnknownParticipant, NotInvited, *OVER),
)
async def note_attendance_by_hand(meeting_id: UUID, body: NoteAttendanceBody, who: Leader, uow: Uow) -> Response:
    """人工登记：出席、迟到、请假。Noted by the chair: present, late or excused."""
    command = NoteAttendance(meeting_id, body.person_id, body.presence, who)
    return await answered(note_attendance(command, uow), uow, view=AttendedView.of)


@router.get("/meetings/{meeting_id}/attendance", response_model=AttendanceView, responses=problems(MeetingNotFound))
async def read_attendance(community: Community, meeting_id: UUID, who: MeetingReader, reading: Reading) -> Response:
    """签到情况、法定人数与空缺席位。Who is there, the quorum, and which standing seats are empty."""
    async with reading as connection:
        meeting = await meeting_seen_by(connection, community, meeting_id, who)
        return shown(await attendance_at(connection, community, meeting))


def qr_code(text: str) -> str:
    """A QR code as an SVG image without any address in it, 10 % of whose modules may be covered."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", scale=6, border=4, xmldecl=False, svgns=True, nl=False, title="签到码"
    )
    return drawn.getvalue().decode()
