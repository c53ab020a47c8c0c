"""The number people quote on the telephone: `FCC-2026-000123`, per community and year, without gaps."""

from datetime import datetime

from shared.clock import CHINA


def number_year(at: datetime) -> int:
    """The year a number belongs to: the local year of the community, not that of UTC."""
    return at.astimezone(CHINA).year


def issue_number(code: str, year: int, serial: int) -> str:
    """The number of the `serial`-th issue of a community in a year."""
    return f"{code}-{year}-{serial:06d}"


def parts_of_number(number: str) -> tuple[int, int]:
    """Year and serial of a complete number."""
    _, year, serial = number.rsplit("-", 2)
    return int(year), int(serial)
