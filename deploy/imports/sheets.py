"""Reads a spreadsheet (.xlsx or .csv) as rows of cells, with the row numbers that people see in it. Nothing in a text is changed
but its line ends."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

HEADER_WITHIN = 10
"""The header stands in one of the first rows; titles may stand above it."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""How .xlsx writes characters that XML cannot carry, such as the carriage return before a line feed."""


class SheetUnreadable(Exception):
    """The file is no spreadsheet we can read, or lacks the columns we need."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as a spreadsheet program shows it, and its cells by column name."""

    number: int
    cells: Mapping[str, Any]


def read_sheet(file: Path, needed: Sequence[str]) -> list[SheetRow]:
    """The rows below the header that has all `needed` columns; rows without any content are left out."""
    try:
        rows = list(_cells_of(file))
    except FileNotFoundError:
        raise SheetUnreadable(f"没有这个文件 no such file: {file}") from None
    except (BadZipFile, InvalidFileException, KeyError, UnicodeError, csv.Error, OSError) as error:
        raise SheetUnreadable(f"无法读取 cannot be read: {file} ({error})") from None
    for index, cells in enumerate(rows[:HEADER_WITHIN]):
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        if set(needed) <= set(names):
            return list(_named(names, rows[index + 1 :], first=index + 2))
    raise SheetUnreadable(f"表头缺少列 the header lacks columns: {'、'.join(_missing(rows, needed))}")


def _missing(rows: Sequence[Sequence[Any]], needed: Sequence[str]) -> list[str]:
    """What the row that looks most like a header lacks."""
    candidates = [{str(cell).strip() for cell in cells if cell is not None} for cells in rows[:HEADER_WITHIN]]
    best = max(candidates, key=lambda names: len(names & set(needed)), default=set())
    return [name for name in needed if name not in best]


def _named(names: Sequence[str], rows: Iterable[Sequence[Any]], *, first: int) -> Iterator[SheetRow]:
    for number, cells in enumerate(rows, start=first):
        named = {name: _plain(cell) for name, cell in zip(names, cells, strict=False) if name}
        if any(cell not in (None, "") for cell in named.values()):
            yield SheetRow(number, named)


def _plain(cell: Any) -> Any:
    """A cell with its hidden escapes resolved and line ends as line feeds."""
    if not isinstance(cell, str):
        return cell
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), cell) if "_x" in cell else cell
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cells_of(file: Path) -> Iterator[Sequence[Any]]:
    if file.suffix.lower() == ".xlsx":
        workbook = load_workbook(file, read_only=True, data_only=True)
        try:
            yield from workbook.worksheets[0].iter_rows(values_only=True)
        finally:
            workbook.close()
    elif file.suffix.lower() in (".csv", ".tsv", ".txt"):
        yield from _csv_rows(file.read_bytes())
    else:
        raise SheetUnreadable(f"只支持 .xlsx 和 .csv only .xlsx and .csv are read: {file.name}")


def _csv_rows(content: bytes) -> Iterator[Sequence[Any]]:
    """UTF-8 with or without a mark, else the national encoding that spreadsheet programs still write."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    csv.field_size_limit(10_000_000)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
