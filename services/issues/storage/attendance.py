"""Attendance of meetings, and what is planned for after them, in PostgreSQL."""

from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, func, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meetings.attendance import Attendance
from services.issues.domain.words.meetings import AttendedBy, Presence, Seat
from services.issues.storage.tables.meetings import meeting_participants, meetings
from services.issues.storage.tables.roster import meeting_attendance
from shared.database.unit_of_work import UnitOfWork


class PostgresAttendanceStore:
    """Satisfies `ports.AttendanceStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def key_of(self, meeting_id: UUID) -> bytes:
        """The secret of a meeting's codes."""
        found = await self._uow.execute(
            select(meetings.c.attendance_key).where(
                meetings.c.community == self._uow.community, meetings.c.id == meeting_id
            )
        )
        key: bytes | None = found.scalar()
        if key is None:
            raise MeetingNotFound
        return key

    async def one(self, meeting_id: UUID, person_id: UUID) -> Attendance | None:
        """What is noted about one person. The lock is by name, so that it also holds while nothing is noted."""
        name = f"attendance:{self._uow.community}:{meeting_id}:{person_id}"
        await self._uow.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        found = await self._uow.execute(
            select(meeting_attendance).where(*self._of(meeting_id), meeting_attendance.c.person_id == person_id)
        )
        row = found.mappings().first()
        return None if row is None else attendance_of(row)

    async def of(self, meeting_id: UUID) -> tuple[Attendance, ...]:
        """Everything that is noted about a meeting."""
        found = await self._uow.execute(
            select(meeting_attendance).where(*self._of(meeting_id)).order_by(meeting_attendance.c.person_id)
        )
        return tuple(attendance_of(row) for row in found.mappings())

    async def keep(self, meeting_id: UUID, attendance: Attendance) -> None:
        """Note it, in place of what was noted before."""
        this = {"community": self._uow.community, "meeting_id": meeting_id, "person_id": attendance.person_id}
        values = {
            "presence": attendance.presence.value,
            "how": attendance.how.value,
            "at": attendance.at,
            "noted_by": attendance.noted_by,
            "invited": attendance.invited,
        }
        await self._uow.execute(
            pg_insert(meeting_attendance)
            .values(**this, **values)
            .on_conflict_do_update(index_elements=["community", "meeting_id", "person_id"], set_=values)
        )
        if not attendance.invited:
            await self._uow.execute(
                pg_insert(meeting_participants).values(**this, seat=Seat.GUEST.value).on_conflict_do_nothing()
            )

    def _of(self, meeting_id: UUID) -> tuple[ColumnElement[bool], ...]:
        return (
            meeting_attendance.c.community == self._uow.community,
            meeting_attendance.c.meeting_id == meeting_id,
        )


def attendance_of(row: RowMapping) -> Attendance:
    """The attendance of a row."""
    return Attendance(
        person_id=row["person_id"],
        presence=Presence(row["presence"]),
        how=AttendedBy(row["how"]),
        at=row["at"],
        noted_by=row["noted_by"],
        invited=row["invited"],
    )
