"""Series of meetings, and links for calendar programs, in PostgreSQL."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, or_, select, update

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import OFFICE_HOURS, WorkingCalendar, local_date
from services.issues.domain.errors.series import (
    CalendarLinkNotFound,
    SeriesNotFound,
    TooManyCalendarLinks,
    TooManySeries,
)
from services.issues.domain.meetings.recurrence import Rule
from services.issues.domain.meetings.series import Plan, Series
from services.issues.domain.words.meetings import MeetingKind, OnHoliday
from services.issues.ports.series import CalendarLink
from services.issues.storage.tables.meetings import meeting_calendar_links, meeting_series
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version

MOST_SERIES = 20
"""Running at a time in one community."""
MOST_LINKS = 10
"""Of one person at a time."""


class PostgresSeriesStore:
    """Satisfies `ports.SeriesStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, series_id: UUID, *, expected_version: int | None = None) -> Series:
        """A series, locked until commit: edits and the timer that brings forth its meetings take turns."""
        found = await self._uow.execute(
            select(meeting_series)
            .where(meeting_series.c.community == self._uow.community, meeting_series.c.id == series_id)
            .with_for_update()
        )
        row = found.mappings().first()
        if row is None:
            raise SeriesNotFound
        check_version(row["version"], expected_version)
        return series_of(row)

    async def add(self, series: Series) -> None:
        """Keep a new series."""
        running = await self._uow.execute(
            select(func.count()).where(
                meeting_series.c.community == self._uow.community,
                or_(meeting_series.c.last.is_(None), meeting_series.c.last >= local_date(series.created_at)),
            )
        )
        if running.scalar_one() >= MOST_SERIES:
            raise TooManySeries
        await self._uow.execute(
            insert(meeting_series),
            {
                "community": self._uow.community,
                "id": series.id,
                "kind": series.plan.kind.value,
                "created_by": series.created_by,
                "created_at": series.created_at,
                "followed_from": series.followed_from,
                "version": series.version,
                **_columns(series),
            },
        )

    async def save(self, series: Series) -> None:
        """Keep a changed series."""
        series.version = await save_versioned(
            self._uow,
            meeting_series,
            series.id,
            version=series.version,
            values=_columns(series),
            missing=SeriesNotFound,
        )

    async def calendar(self) -> WorkingCalendar:
        """The working calendar as it comes with this release."""
        return Calendars().working(OFFICE_HOURS)


class PostgresCalendarLinks:
    """Satisfies `ports.CalendarLinks`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, link: CalendarLink, token_hash: bytes) -> None:
        """Keep a new link."""
        kept = await self._uow.execute(
            select(func.count()).where(
                meeting_calendar_links.c.community == self._uow.community,
                meeting_calendar_links.c.person_id == link.person_id,
                meeting_calendar_links.c.revoked_at.is_(None),
            )
        )
        if kept.scalar_one() >= MOST_LINKS:
            raise TooManyCalendarLinks
        await self._uow.execute(
            insert(meeting_calendar_links),
            {
                "community": self._uow.community,
                "id": link.id,
                "person_id": link.person_id,
                "series_id": link.series_id,
                "token_hash": token_hash,
                "created_at": link.created_at,
            },
        )

    async def revoke(self, link_id: UUID, person_id: UUID, at: datetime) -> CalendarLink:
        """Make a link of this person useless; a second time changes nothing."""
        this = (
            meeting_calendar_links.c.community == self._uow.community,
            meeting_calendar_links.c.id == link_id,
            meeting_calendar_links.c.person_id == person_id,
        )
        found = await self._uow.execute(select(meeting_calendar_links).where(*this).with_for_update())
        row = found.mappings().first()
        if row is None:
            raise CalendarLinkNotFound
        link = link_of(row)
        if link.revoked_at is not None:
            return link
        await self._uow.execute(update(meeting_calendar_links).where(*this).values(revoked_at=at))
        return replace(link, revoked_at=at)


def _columns(series: Series) -> dict[str, Any]:
    plan = series.plan
    return {
        "place": plan.place,
        "rule": plan.rule.text,
        "start_time": plan.start,
        "minutes": plan.minutes,
        "on_holiday": plan.on_holiday.value,
        "weeks_ahead": plan.weeks_ahead,
        "first": series.first,
        "last": series.last,
        "changed_at": series.changed_at,
        "sequence": series.sequence,
    }


def series_of(row: RowMapping) -> Series:
    """The series of a row."""
    return Series(
        id=row["id"],
        plan=Plan(
            kind=MeetingKind(row["kind"]),
            place=row["place"],
            rule=Rule.read(row["rule"]),
            start=row["start_time"],
            minutes=row["minutes"],
            on_holiday=OnHoliday(row["on_holiday"]),
            weeks_ahead=row["weeks_ahead"],
        ),
        first=row["first"],
        last=row["last"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        followed_from=row["followed_from"],
        sequence=row["sequence"],
        version=row["version"],
    )


def link_of(row: RowMapping) -> CalendarLink:
    """The link of a row."""
    return CalendarLink(row["id"], row["person_id"], row["series_id"], row["created_at"], row["revoked_at"])
