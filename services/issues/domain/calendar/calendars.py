"""All versions of the calendar of a community, and which of them was in force when."""

from dataclasses import dataclass, field
from datetime import datetime

from services.issues.domain.calendar.shipped import shipped_year
from services.issues.domain.calendar.working import Hours, WorkingCalendar
from services.issues.domain.calendar.year import CalendarYear


@dataclass(frozen=True, slots=True)
class Calendars:
    """The published corrections; every other year is as shipped."""

    published: tuple[CalendarYear, ...] = ()
    _kept: dict[tuple[datetime | None, Hours], WorkingCalendar] = field(default_factory=dict, compare=False, repr=False)

    def in_force(self, year: int, at: datetime | None = None) -> CalendarYear:
        """The version of a year that held at a moment; the newest of all without one."""
        held = [
            version
            for version in self.published
            if version.year == year and (at is None or (version.published_at or at) <= at)
        ]
        return max(held, key=lambda version: version.version, default=None) or shipped_year(year)

    def working(self, hours: Hours, at: datetime | None = None) -> WorkingCalendar:
        """The working calendar that held at a moment."""
        known = self._kept.get((at, hours)) if at is None else None
        if known is None:
            known = WorkingCalendar(_Years(self, at), hours)
            if at is None:
                self._kept[at, hours] = known
        return known


class _Years:
    """Looks each year up once."""

    def __init__(self, calendars: Calendars, at: datetime | None) -> None:
        self._calendars, self._at = calendars, at
        self._known: dict[int, CalendarYear] = {}

    def __call__(self, year: int) -> CalendarYear:
        if year not in self._known:
            self._known[year] = self._calendars.in_force(year, self._at)
        return self._known[year]
