"""Series of meetings and calendar links in memory."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import OFFICE_HOURS, WorkingCalendar
from services.issues.domain.errors.series import CalendarLinkNotFound, SeriesNotFound
from services.issues.domain.meetings.series import Series
from services.issues.ports.series import CalendarLink
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemorySeries:
    """Satisfies `ports.SeriesStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Series] = {}
        self.calendars = Calendars()

    async def get(self, series_id: UUID, *, expected_version: int | None = None) -> Series:
        """A copy of the series."""
        if series_id not in self.kept:
            raise SeriesNotFound
        check_version(self.kept[series_id].version, expected_version)
        return deepcopy(self.kept[series_id])

    async def add(self, series: Series) -> None:
        """Keep a new series."""
        self.kept[series.id] = deepcopy(series)

    async def save(self, series: Series) -> None:
        """Keep a changed series."""
        if self.kept[series.id].version != series.version:
            raise ConcurrentChange
        series.version += 1
        self.kept[series.id] = deepcopy(series)

    async def calendar(self) -> WorkingCalendar:
        """The calendar of the moment; tests publish corrections to it."""
        return self.calendars.working(OFFICE_HOURS)


class MemoryCalendarLinks:
    """Satisfies `ports.CalendarLinks`."""

    def __init__(self) -> None:
        self.kept: dict[bytes, CalendarLink] = {}

    async def add(self, link: CalendarLink, token_hash: bytes) -> None:
        """Keep a new link."""
        self.kept[token_hash] = link

    async def revoke(self, link_id: UUID, person_id: UUID, at: datetime) -> CalendarLink:
        """Make a link useless."""
        for token_hash, link in self.kept.items():
            if (link.id, link.person_id) == (link_id, person_id):
                self.kept[token_hash] = replace(link, revoked_at=at)
                return self.kept[token_hash]
        raise CalendarLinkNotFound
