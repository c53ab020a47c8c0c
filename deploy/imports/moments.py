"""Reads the many ways in which spreadsheets write a moment. Without a zone it is the community's local time."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from shared.clock import CHINA

_WRITTEN = re.compile(
    r"""^(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?
    (?:[T\s]+(?P<half>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*分?
       (?:\s*[:]?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?$""",
    re.VERBOSE | re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:\s*(\d{2})(\d{2})(\d{2})?)?$")
_FIRST_SERIAL = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of spreadsheet programs, local like every cell
_SERIALS = (20_000, 80_000)
"""Day numbers from 1954 to 2119; other numbers are no dates."""


def moment_of(cell: Any) -> datetime:
    """The moment in a cell: a date cell, a day number, or one of the written forms. Raises ValueError for anything else."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_serial(float(cell))
    if isinstance(cell, datetime):
        moment = cell
    elif isinstance(cell, date):
        moment = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the zone follows
    else:
        moment = _read(str(cell).strip().replace("　", " ").replace("：", ":"))
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _read(text: str) -> datetime:
    written = _WRITTEN.match(text)
    if written:
        return _of_parts(**written.groupdict())
    compact = _COMPACT.match(text)
    if compact:
        return datetime(*(int(part or 0) for part in compact.groups()))  # type: ignore[arg-type] # noqa: DTZ001
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _of_serial(float(text))
    return datetime.fromisoformat(text)


def _of_parts(
    *, year: str, month: str, day: str, half: str | None, hour: str | None, minute: str | None, second: str | None
) -> datetime:
    clock = int(hour or 0)
    if half in ("下午", "PM", "pm") and clock < 12:
        clock += 12
    elif half in ("上午", "AM", "am") and clock == 12:
        clock = 0
    return datetime(int(year), int(month), int(day), clock, int(minute or 0), int(second or 0), tzinfo=CHINA)


def _of_serial(days: float) -> datetime:
    if not _SERIALS[0] <= days <= _SERIALS[1]:
        raise ValueError(f"no day number: {days}")
    return (_FIRST_SERIAL + timedelta(seconds=round(days * 86_400))).replace(tzinfo=CHINA)
