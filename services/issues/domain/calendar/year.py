"""One year of the working calendar, as a version: published by the State Council, shipped with us, or corrected by the community."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.issues.domain.words.vocabulary import Words

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """Which days are off and which weekend days are worked (调休). Immutable: a correction is another version."""

    year: int
    version: int
    """0: as shipped."""
    holidays: Mapping[date, Words]
    """Days off, whatever day of the week, with their names."""
    make_up_days: frozenset[date]
    """Days of a weekend that are worked."""
    announced: bool
    """Whether the arrangement of this year is known. If not, what is computed with it is provisional."""
    source: Words
    published_at: datetime | None = None

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day of this year. A day that is both given off and worked is off."""
        if day in self.holidays:
            return False
        return day.weekday() < SATURDAY or day in self.make_up_days

    def why_off(self, day: date) -> Words | None:
        """Why nobody works on a day; None when they do."""
        if self.is_working(day):
            return None
        return self.holidays.get(day, Words("周末", "weekend"))
