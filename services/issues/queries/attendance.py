"""Reading the roster, the quorum rules and attendance."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.meeting import STANDING_SEATS, Meeting
from services.issues.domain.meetings.attendance import Attendance, sheet_of
from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.words.meetings import MeetingKind, MeetingState, Presence, Seat
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.attendance import AttendanceTotals, AttendanceView, SeatCount
from services.issues.schemas.labels import Label
from services.issues.schemas.roster import QuorumRuleView, RosterEntryView
from services.issues.storage.attendance import attendance_of
from services.issues.storage.roster import entry_of
from services.issues.storage.tables.meetings import meetings
from services.issues.storage.tables.roster import meeting_attendance, meeting_roster, meeting_rules
from shared.clock import CHINA
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked

BY_ID = Keyset((meeting_roster.c.id,))


async def roster_of(
    connection: AsyncConnection, community: str, page: PageAsked, *, kind: MeetingKind | None, on: date | None
) -> Page[RosterEntryView]:
    """The standing roster, the whole of it or as it is on one day."""
    conditions: list[ColumnElement[bool]] = [meeting_roster.c.community == community]
    if kind is not None:
        conditions.append(meeting_roster.c.kind == kind.value)
    if on is not None:
        conditions.append(meeting_roster.c.since <= on)
        conditions.append(or_(meeting_roster.c.until.is_(None), meeting_roster.c.until >= on))
    statement = BY_ID.page(select(meeting_roster).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = BY_ID.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[RosterEntryView].model_construct(
        items=[RosterEntryView.of(entry_of(row._mapping)) for row in kept], next_cursor=cursor
    )


async def quorum_rules(connection: AsyncConnection, community: str) -> dict[MeetingKind, QuorumRule]:
    """The quorum of each kind of meeting."""
    found = await connection.execute(
        select(meeting_rules.c.kind, meeting_rules.c.over_percent, meeting_rules.c.at_least).where(
            meeting_rules.c.community == community
        )
    )
    decided = {row.kind: QuorumRule(row.over_percent, row.at_least) for row in found}
    return {kind: decided.get(kind.value, QuorumRule()) for kind in MeetingKind}


def rule_view(kind: MeetingKind, rule: QuorumRule) -> QuorumRuleView:
    """The rule of a kind, as callers read it."""
    return QuorumRuleView.model_construct(
        kind=kind,
        kind_label=Label.of(words(kind)),
        over_percent=rule.over_percent,
        at_least=rule.at_least,
        standing_seats=list(STANDING_SEATS[kind]),
    )


async def attendance_noted(connection: AsyncConnection, community: str, meeting_id: UUID) -> tuple[Attendance, ...]:
    """What is noted about a meeting."""
    found = await connection.execute(
        select(meeting_attendance)
        .where(meeting_attendance.c.community == community, meeting_attendance.c.meeting_id == meeting_id)
        .order_by(meeting_attendance.c.at, meeting_attendance.c.person_id)
    )
    return tuple(attendance_of(row) for row in found.mappings())


async def attendance_at(connection: AsyncConnection, community: str, meeting: Meeting) -> AttendanceView:
    """Attendance of a meeting as it stands; the quorum of a closed meeting is the one it was closed under."""
    noted = await attendance_noted(connection, community, meeting.id)
    rule = (await quorum_rules(connection, community))[meeting.kind]
    sheet = sheet_of(meeting, noted, rule)
    if meeting.quorum is not None:
        sheet = replace(sheet, quorum=meeting.quorum)
    return AttendanceView.of(sheet, noted, seats_of(meeting, noted))


def seats_of(meeting: Meeting, noted: Sequence[Attendance]) -> list[SeatCount]:
    """Each seat with the number of those invited and those there: what minutes may say without naming anybody."""
    there = {one.person_id for one in noted if one.there}
    counts = []
    for seat in Seat:
        holders = [one.person_id for one in meeting.participants if one.seat is seat]
        if holders or seat in STANDING_SEATS[meeting.kind]:
            attended = sum(1 for person in holders if person in there)
            counts.append(
                SeatCount.model_construct(
                    seat=seat, seat_label=Label.of(words(seat)), invited=len(holders), attended=attended
                )
            )
    return counts


async def attendance_key(connection: AsyncConnection, community: str, meeting_id: UUID) -> bytes:
    """The secret of a meeting's codes."""
    found = await connection.execute(
        select(meetings.c.attendance_key).where(meetings.c.community == community, meetings.c.id == meeting_id)
    )
    key: bytes = found.scalar_one()
    return key


async def attendance_totals(
    connection: AsyncConnection, community: str, first: date, last: date, kind: MeetingKind | None
) -> AttendanceTotals:
    """How many meetings were held, with how many person-times and persons, guests included."""
    conditions = [
        meetings.c.community == community,
        meetings.c.starts_at >= _midnight(first),
        meetings.c.starts_at < _midnight(last + timedelta(days=1)),
        meetings.c.state == MeetingState.CLOSED.value,
    ]
    if kind is not None:
        conditions.append(meetings.c.kind == kind.value)
    held = await connection.execute(select(func.count()).select_from(meetings).where(*conditions))
    came = await connection.execute(
        select(func.count(), func.count(meeting_attendance.c.person_id.distinct()))
        .select_from(meetings)
        .join(
            meeting_attendance,
            and_(
                meeting_attendance.c.community == meetings.c.community,
                meeting_attendance.c.meeting_id == meetings.c.id,
            ),
        )
        .where(*conditions, meeting_attendance.c.presence != Presence.EXCUSED.value)
    )
    person_times, persons = came.one()
    return AttendanceTotals.model_construct(
        first=first, last=last, meetings=held.scalar_one(), person_times=person_times, persons=persons
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
