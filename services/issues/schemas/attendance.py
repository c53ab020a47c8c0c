"""What callers send and read about attendance."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.issues.domain.meetings.attendance import Attendance, AttendanceSheet
from services.issues.domain.meetings.quorum import Quorum
from services.issues.domain.words.meetings import AttendedBy, Presence, Seat
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label, View
from shared.http.bodies import StrictBody

CodeText = Annotated[str, StringConstraints(pattern=r"^[a-z0-9:\-]{1,160}$", max_length=160)]


class AttendBody(StrictBody):
    """屏幕上的签到码。What the camera read from the screen."""

    code: CodeText = Field(examples=["mulin-meeting:01900000-0000-7000-8000-000000000000:1:0"])


class NoteAttendanceBody(StrictBody):
    """人工登记出席、迟到或请假。Noted by hand."""

    person_id: UUID
    presence: Presence


class AttendanceCodeView(View):
    """签到码：每30秒更换，请投在会场屏幕上。Changes every 30 seconds; show it on the screen in the room."""

    code: str
    valid_until: datetime
    svg: str = Field(description="二维码图。The QR code as an SVG image")


class AttendedView(View):
    """One person's attendance."""

    person_id: UUID
    presence: Presence
    presence_label: Label
    how: AttendedBy
    at: datetime
    invited: bool

    @classmethod
    def of(cls, attendance: Attendance) -> "AttendedView":
        """What is noted about a person."""
        return cls.model_construct(
            person_id=attendance.person_id,
            presence=attendance.presence,
            presence_label=Label.of(words(attendance.presence)),
            how=attendance.how,
            at=attendance.at,
            invited=attendance.invited,
        )


class QuorumView(View):
    """应到、实到、法定人数。Invited, there, needed."""

    invited: int
    attended: int
    needed: int
    reached: bool

    @classmethod
    def of(cls, quorum: Quorum) -> "QuorumView":
        """The quorum."""
        return cls.model_construct(
            invited=quorum.invited, attended=quorum.attended, needed=quorum.needed, reached=quorum.reached
        )


class SeatCount(View):
    """How many invited hold a seat, and how many of them are there."""

    seat: Seat
    seat_label: Label
    invited: int
    attended: int


class AttendanceView(View):
    """签到情况：法定人数、空缺席位仅提示。Attendance as a whole; missing seats are a warning only."""

    quorum: QuorumView
    missing_seats: list[Seat]
    late: int
    excused: int
    guests: int
    seats: list[SeatCount]
    people: list[AttendedView]

    @classmethod
    def of(cls, sheet: AttendanceSheet, people: tuple[Attendance, ...], seats: list[SeatCount]) -> "AttendanceView":
        """The sheet."""
        return cls.model_construct(
            quorum=QuorumView.of(sheet.quorum),
            missing_seats=list(sheet.missing_seats),
            late=sheet.late,
            excused=sheet.excused,
            guests=sheet.guests,
            seats=seats,
            people=[AttendedView.of(one) for one in people],
        )


class AttendanceTotals(View):
    """一段时间的会议场次、参会人次与人数。Meetings held, person-times 人次 and persons 人数: never mixed."""

    first: date
    last: date
    meetings: int
    person_times: int = Field(description="人次。Every attendance counts")
    persons: int = Field(description="人数。Every person counts once")
