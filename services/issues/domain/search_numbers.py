"""Numbers in the search: every issue is document (year, serial) of its community, and newer documents are greater."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.issues.domain.number import issue_number
from services.issues.domain.search_words import folded

FIRST_YEAR = 2000
SERIAL_BITS = 24
_WIDTHS = (6, 7, 8)
"""A serial has six digits or more."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers that a community has given out: its code, and the last serial of each year."""

    code: str
    last: dict[int, int]

    def number(self, document: int) -> str:
        """The number of a document."""
        year, serial = divmod(document, 1 << SERIAL_BITS)
        return issue_number(self.code, year + FIRST_YEAR, serial)

    def spans(self) -> list[tuple[int, int]]:
        """All documents there are, year by year, newest first."""
        return [
            (document_of(year, 1), document_of(year, last))
            for year, last in sorted(self.last.items(), reverse=True)
            if last
        ]

    def meant_by(self, word: str) -> list[tuple[int, int]]:
        """Documents whose number a folded word names: the beginning of a number from the year on, a serial alone, or year and serial."""
        found: list[tuple[int, int]] = []
        code = folded(self.code)
        if word.startswith(code) and _digits(word[len(code) :]):
            found += self._beginning_with(word[len(code) :])
        if _digits(word):
            if len(word) > 4:
                found += [span for span in self._beginning_with(word) if span[0] == span[1] and len(word) >= 10]
            if len(word) <= max(_WIDTHS):
                found += [self._one(year, int(word)) for year in self.last]
        return [span for span in found if span[0] <= span[1]]

    def _one(self, year: int, serial: int) -> tuple[int, int]:
        return _clipped(year, serial, serial, self.last[year])

    def _beginning_with(self, digits: str) -> Iterator[tuple[int, int]]:
        for year, last in self.last.items():
            if not str(year).startswith(digits[:4]):
                continue
            serial = digits[4:]
            for width in _WIDTHS if serial else ():
                free = 10 ** max(0, width - len(serial))
                least = 1 if width == _WIDTHS[0] else 10 ** (width - 1)
                if len(serial) <= width:
                    first = int(serial) * free
                    yield _clipped(year, max(first, least), first + free - 1, last)
            if not serial:
                yield _clipped(year, 1, last, last)


def document_of(year: int, serial: int) -> int:
    """The document of a year and serial."""
    return (year - FIRST_YEAR << SERIAL_BITS) + serial


def _clipped(year: int, first: int, last: int, newest: int) -> tuple[int, int]:
    return document_of(year, max(first, 1)), document_of(year, min(last, newest))


def _digits(word: str) -> bool:
    return word.isascii() and word.isdigit()
