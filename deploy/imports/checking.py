"""Checks every row before anything is sent, so that all mistakes of a file are told at once, each in its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.imports.mapping import Columns
from deploy.imports.moments import moment_of
from deploy.imports.sheets import SheetRow

LONGEST: Mapping[str, int] = {"source_id": 64, "title": 200, "text": 20_000, "reporter": 80, "place": 200}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NO_ID = re.compile(r"[\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong, and where: row as the spreadsheet counts, column as it is called there."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be sent."""

    number: int
    body: dict[str, Any]

    @property
    def source_id(self) -> str:
        """Its id in the system it comes from."""
        return str(self.body["source_id"])


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a row gets where it says nothing."""

    place: str
    category: str | None = None


class Checker:
    """Turns rows into what the service takes. `categories` maps names and codes of the community to codes."""

    def __init__(self, columns: Columns, categories: Mapping[str, str], defaults: Defaults, now: datetime) -> None:
        self._columns = columns
        self._categories = {**categories, **columns.categories}
        self._defaults = defaults
        self._now = now

    def check(self, rows: Iterable[SheetRow]) -> tuple[list[GoodRow], list[RowError]]:
        """The good rows, and what is wrong with the others."""
        good: list[GoodRow] = []
        errors: list[RowError] = []
        seen: dict[str, int] = {}
        for row in rows:
            body, wrong = self._body(row)
            source_id = str(body.get("source_id", ""))
            if source_id and source_id in seen:
                wrong.append(
                    self._error(row, "source_id", f"与第{seen[source_id]}行重复 repeats row {seen[source_id]}")
                )
            elif source_id:
                seen[source_id] = row.number
            errors.extend(wrong)
            if not wrong:
                good.append(GoodRow(row.number, body))
        return good, errors

    def _body(self, row: SheetRow) -> tuple[dict[str, Any], list[RowError]]:
        wrong: list[RowError] = []
        text = self._text(row, "text", wrong, needed=True)
        body = {
            "source_id": self._source_id(row, wrong),
            "category": self._category(row, wrong),
            "place": (self._text(row, "place", wrong) or self._defaults.place).strip(),
            "title": _one_line(self._text(row, "title", wrong)),
            "text": text,
            "reported_at": self._moment(row, wrong),
            "reporter": _one_line(self._text(row, "reporter", wrong)),
        }
        return {name: value for name, value in body.items() if value is not None}, wrong

    def _text(self, row: SheetRow, name: str, wrong: list[RowError], *, needed: bool = False) -> str | None:
        cell = self._cell(row, name)
        text = "" if cell is None else _written(cell)
        if not text.strip():
            if needed:
                wrong.append(self._error(row, name, "没有内容 is empty"))
            return None
        if _CONTROL.search(text):
            wrong.append(self._error(row, name, "含有控制字符 holds control characters"))
        if len(text) > LONGEST[name]:
            wrong.append(self._error(row, name, f"超过{LONGEST[name]}个字符 is longer than {LONGEST[name]} characters"))
        return text

    def _source_id(self, row: SheetRow, wrong: list[RowError]) -> str | None:
        text = self._text(row, "source_id", wrong, needed=True)
        if text is None:
            return None
        if _NO_ID.search(text.strip()):
            wrong.append(self._error(row, "source_id", "编号不能含空格 an id holds no spaces"))
        return text.strip()

    def _category(self, row: SheetRow, wrong: list[RowError]) -> str | None:
        cell = self._cell(row, "category")
        name = str(cell).strip() if cell not in (None, "") else self._defaults.category or ""
        if not name:
            wrong.append(self._error(row, "category", "没有内容 is empty"))
            return None
        if name not in self._categories:
            wrong.append(self._error(row, "category", f"社区没有这个分类 the community has no category “{name}”"))
            return None
        return self._categories[name]

    def _moment(self, row: SheetRow, wrong: list[RowError]) -> str | None:
        cell = self._cell(row, "reported_at")
        if cell is None or cell == "":
            wrong.append(self._error(row, "reported_at", "没有内容 is empty"))
            return None
        try:
            moment = moment_of(cell)
        except (ValueError, OverflowError):
            wrong.append(self._error(row, "reported_at", f"不是日期时间 is no date and time: {cell}"))
            return None
        if moment > self._now:
            wrong.append(self._error(row, "reported_at", f"晚于现在 lies in the future: {cell}"))
        elif moment.year < 1900:
            wrong.append(self._error(row, "reported_at", f"早于1900年 lies before 1900: {cell}"))
        return moment.isoformat()

    def _cell(self, row: SheetRow, name: str) -> Any:
        return row.cells.get(self._columns.columns.get(name, ""))

    def _error(self, row: SheetRow, name: str, problem: str) -> RowError:
        return RowError(row.number, self._columns.columns.get(name, name), problem)


def _written(cell: Any) -> str:
    """A cell as text; a whole number without the fraction that spreadsheet programs add."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _one_line(text: str | None) -> str | None:
    """Titles and names stand in one line; nothing else of them is changed."""
    return re.sub(r"[\n\t]+", " ", text) if text else None
