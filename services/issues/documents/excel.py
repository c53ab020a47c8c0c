"""A meeting's papers as Excel files. Every cell that people wrote is text: nothing becomes a formula, whatever it begins with."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from services.issues.documents.paper import Paper, day, moment

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
THIN = Side(style="thin", color="FF8C8C8C")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="FFF4F2EE")


def minutes_workbook(paper: Paper) -> bytes:
    """会议记录."""
    workbook, sheet = _workbook("会议记录", paper, f"{paper.community}{paper.title}", columns=9)
    facts = [
        ("时间", moment(paper.starts_at)),
        ("地点", paper.place),
        ("到会", f"应到{paper.invited}人，实到{paper.attended}人，法定{paper.needed}人"),
        ("结果", paper.summary),
        ("会议情况", paper.general or ""),
    ]
    for row, (name, value) in enumerate(facts, start=2):
        _write(sheet.cell(row, 1), name, heading=True)
        _write(sheet.cell(row, 2), value)
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=9)
    sheet.row_dimensions[6].height = 60 if paper.general else 18
    names = ("序", "编号", "议题", "讨论记录", "结论", "责任单位", "时限", "计划", "公开答复或理由")
    lines = [
        (
            str(item.position),
            item.number,
            item.title,
            item.record or "",
            item.decided,
            item.responsible or "",
            day(item.due_at) if item.due_at else "",
            item.measure or "",
            item.public_reply or item.reason or "",
        )
        for item in paper.items
    ]
    _table(sheet, 8, names, lines, (6, 18, 26, 40, 14, 18, 14, 34, 34))
    return _bytes(workbook)


def countermeasures_workbook(paper: Paper) -> bytes:
    """问题和对策清单."""
    workbook, sheet = _workbook("问题和对策清单", paper, f"{paper.community}问题和对策清单", columns=9)
    _write(sheet.cell(2, 1), f"{paper.kind.words.zh}　{moment(paper.starts_at)}　{paper.place}　{paper.summary}")
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=9)
    names = ("序", "编号", "分类", "问题", "结论", "对策", "责任单位", "时限", "目前进展")
    lines = [
        (
            str(item.position),
            item.number,
            item.category,
            item.title,
            item.decided,
            item.measure or item.public_reply or item.reason or "",
            item.responsible or "",
            day(item.due_at) if item.due_at else "",
            f"{item.state}（已逾期）" if item.overdue else item.state,
        )
        for item in paper.items
    ]
    _table(sheet, 4, names, lines, (6, 18, 14, 30, 16, 44, 20, 16, 16))
    return _bytes(workbook)


def as_text(value: str) -> str:
    """A text that no spreadsheet reads as a formula, also when it is copied out or saved as CSV: an apostrophe goes before."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    return f"'{clean}" if clean.lstrip().startswith(FORMULA_SIGNS) else clean


def _workbook(name: str, paper: Paper, title: str, *, columns: int) -> tuple[Workbook, Any]:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = name
    workbook.properties.title, workbook.properties.creator = title, paper.community
    cell = sheet.cell(1, 1)
    _write(cell, title if paper.final else f"{title}（草稿）")
    cell.font, cell.alignment = Font(name="黑体", size=16, bold=True), Alignment("center", "center")
    cell.border = Border()
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 34
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页  共 &N 页"
    return workbook, sheet


def _table(sheet: Any, first: int, names: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        _write(sheet.cell(first, column), name, heading=True)
        sheet.column_dimensions[sheet.cell(first, column).column_letter].width = width
    for row, line in enumerate(lines, start=first + 1):
        for column, value in enumerate(line, start=1):
            _write(sheet.cell(row, column), value)
    sheet.print_title_rows = f"{first}:{first}"
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _write(cell: Any, value: str, *, heading: bool = False) -> None:
    cell.value = as_text(value)
    cell.data_type = "s"
    cell.font = Font(name="黑体" if heading else "仿宋", size=11, bold=heading)
    cell.alignment = Alignment("center" if heading else "left", "center" if heading else "top", wrap_text=True)
    cell.border = GRID
    if heading:
        cell.fill = HEAD


def _bytes(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()
