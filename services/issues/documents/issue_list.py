"""The list of issues as an Excel file, written row by row. Every text is a text: nothing that a resident wrote becomes a formula."""

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from services.issues.domain.masking import masked
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind, Source, State, Tier
from services.issues.domain.words.vocabulary import Vocabulary
from shared.clock import CHINA

LONGEST_CELL = 32_000
COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("number", "编号", 18),
    ("kind", "类型", 8),
    ("category", "分类", 16),
    ("title", "标题", 30),
    ("text", "内容", 50),
    ("compound", "小区", 14),
    ("building", "楼栋", 10),
    ("grid", "网格", 12),
    ("place_text", "地点说明", 20),
    ("source", "来源", 10),
    ("state", "状态", 10),
    ("tier", "级别", 18),
    ("registered_at", "登记时间", 17),
    ("accepted_at", "受理时间", 17),
    ("solve_by", "办理时限", 17),
    ("deadline", "派单时限", 17),
    ("organisation", "责任单位", 18),
    ("resolved_at", "办结回复时间", 17),
    ("outcome", "结果", 12),
    ("level", "解决层级", 10),
    ("quantity_kind", "成果类型", 16),
    ("quantity", "成果数量", 10),
    ("public_reply", "公开答复", 40),
    ("rated_solved", "居民认为已解决", 14),
    ("satisfaction", "满意度", 8),
    ("rating_comment", "评价内容", 30),
    ("closed_at", "结案时间", 17),
    ("round", "轮次", 6),
)
_WORDS: Mapping[str, type[Vocabulary]] = {
    "kind": IssueKind,
    "source": Source,
    "state": State,
    "tier": Tier,
    "outcome": Outcome,
    "level": Level,
    "quantity_kind": QuantityKind,
}
WRITTEN_BY_PEOPLE = frozenset({"title", "text", "place_text", "public_reply", "rating_comment"})


class IssueList:
    """A workbook that grows. Not for the event loop: its methods compute."""

    def __init__(self, head: str, *, unmasked: bool) -> None:
        self._unmasked = unmasked
        self._workbook = Workbook(write_only=True)
        self._sheet: WriteOnlyWorksheet = self._workbook.create_sheet("诉求台账")
        for index, (_, _, width) in enumerate(COLUMNS):
            self._sheet.column_dimensions[_letter(index)].width = width
        self._sheet.freeze_panes = "A3"
        self._sheet.append([self._cell(head)])
        self._sheet.append([self._cell(title, bold=True) for _, title, _ in COLUMNS])

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Append rows."""
        for row in rows:
            self._sheet.append([self._value(name, row[name]) for name, _, _ in COLUMNS])

    def content(self) -> bytes:
        """The file; nothing can be added afterwards."""
        file = io.BytesIO()
        self._workbook.save(file)
        return file.getvalue()

    def _value(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, datetime):
            # Excel knows no time zones: local time, as people read it.
            return value.astimezone(CHINA).replace(tzinfo=None, microsecond=0)
        if isinstance(value, bool):
            return self._cell("是" if value else "否")
        if isinstance(value, int):
            return value
        if name in _WORDS:
            return self._cell(_WORDS[name](value).words.zh)
        text = str(value)
        if name in WRITTEN_BY_PEOPLE and not self._unmasked:
            text = masked(text).text
        return self._cell(text)

    def _cell(self, text: str, *, bold: bool = False) -> Cell:
        return text_cell(self._sheet, text, bold=bold)


def text_cell(sheet: WriteOnlyWorksheet, text: str, *, bold: bool = False) -> Cell:
    """A cell that holds this text and nothing but text, also when it begins with an equals sign."""
    cell: Cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _letter(index: int) -> str:
    first, second = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
