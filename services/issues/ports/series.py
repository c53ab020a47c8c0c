"""How the use cases keep series of meetings and links for calendar programs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.calendar.working import WorkingCalendar
from services.issues.domain.meetings.series import Series


class SeriesStore(Protocol):
    """The series of one community."""

    async def get(self, series_id: UUID, *, expected_version: int | None = None) -> Series:
        """A series; those who change it wait for each other. Raises SeriesNotFound or PreconditionFailed."""
        ...

    async def add(self, series: Series) -> None:
        """Keep a new series. Raises TooManySeries."""
        ...

    async def save(self, series: Series) -> None:
        """Keep a changed series. Raises ConcurrentChange."""
        ...

    async def calendar(self) -> WorkingCalendar:
        """The working calendar as it is known now."""
        ...


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """A secret address for a calendar program of one person: of one series, or of all meetings of that person."""

    id: UUID
    person_id: UUID
    series_id: UUID | None
    created_at: datetime
    revoked_at: datetime | None = None


class CalendarLinks(Protocol):
    """Links for calendar programs. Only a hash of the secret is kept."""

    async def add(self, link: CalendarLink, token_hash: bytes) -> None:
        """Keep a new link. Raises TooManyCalendarLinks."""
        ...

    async def revoke(self, link_id: UUID, person_id: UUID, at: datetime) -> CalendarLink:
        """Make a link of this person useless. Raises CalendarLinkNotFound."""
        ...
