"""The calendar that comes with the platform, computed from the `holidays` library, which follows the State Council's notices.

The library answers for every year, also for those whose arrangement was not announced yet (by the fixed festivals alone), and it
lists the make-up days of other years beside those asked for. So days are filtered by year, and a year counts as announced when the
library knows of days that were exchanged (调休) in it: every notice since 2001 has some.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.metadata import version

import holidays

from services.issues.domain.calendar.year import CalendarYear
from services.issues.domain.words.vocabulary import Words

FIRST_YEAR, LAST_YEAR = 2001, 2100
AS_SHIPPED = 0


@lru_cache(maxsize=32)
def shipped_year(year: int) -> CalendarYear:
    """The calendar of a year as far as it is known to this release."""
    zh, en = (_days_of(year, language) for language in ("zh_CN", "en_US"))
    make_up_days = frozenset(_make_up_days(year))
    announced = bool(make_up_days)
    library = f"holidays {version('holidays')}"
    return CalendarYear(
        year=year,
        version=AS_SHIPPED,
        holidays={day: Words(zh[day], en.get(day, zh[day])) for day in sorted(zh)},
        make_up_days=make_up_days,
        announced=announced,
        source=Words(f"国务院办公厅节假日安排（{library}）", f"the State Council's arrangement of holidays ({library})")
        if announced
        else Words(f"尚未公布，按法定节日推算（{library}）", f"not announced yet, by the fixed festivals ({library})"),
    )


def _days_of(year: int, language: str) -> dict[date, str]:
    found = holidays.country_holidays("CN", years=[year], language=language)
    return {day: name for day, name in found.items() if day.year == year}


def _make_up_days(year: int) -> Iterator[date]:
    """The library files a make-up day under the year of the holiday it makes up for, which may be the next one."""
    for of in (year, year + 1):
        found: set[date] = holidays.country_holidays("CN", years=[of]).weekend_workdays
        yield from (day for day in found if day.year == year)
