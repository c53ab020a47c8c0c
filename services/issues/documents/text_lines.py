"""How many lines a text takes in a column of a spreadsheet: Chinese characters are twice as wide as others."""

import unicodedata

WIDE, NARROW = 2.15, 1.1
"""In the unit of column widths, a little more than fonts need, so that nothing is cut."""


def lines_of(text: str, width: float) -> list[str]:
    """The lines of a text in a column of this width, at least one; broken between words where there are any."""
    return [line for paragraph in text.splitlines() or [""] for line in _broken(paragraph, width - 1)]


def _broken(paragraph: str, width: float) -> list[str]:
    lines, line, used, space = [], "", 0.0, -1
    for character in paragraph:
        line, used = line + character, used + _width(character)
        if character == " ":
            space = len(line)
        if used > width and len(line) > 1:
            cut = space if 0 < space < len(line) else len(line) - 1
            lines.append(line[:cut])
            line, space = line[cut:], -1
            used = sum(_width(one) for one in line)
    return [*lines, line]


def _width(character: str) -> float:
    return WIDE if unicodedata.east_asian_width(character) in "FWA" else NARROW
