"""A meeting's papers as Excel files. Every cell that people wrote is text: nothing becomes a formula, whatever it begins with."""

import io
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from services.issues.documents.paper import Paper
from services.issues.documents.text_lines import lines_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LINE_HEIGHT, MOST_LINES = 15.5, 24
"""In points; no row of Excel is higher than 409, so that a longer text goes on in the row below."""
THIN = Side(style="thin", color="FF8C8C8C")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
HEAD = PatternFill("solid", fgColor="FFF4F2EE")


def minutes_workbook(paper: Paper) -> bytes:
    """会议记录."""
    widths = (10, 18, 26, 40, 16, 18, 16, 34, 34)
    workbook, sheet = _workbook(paper, paper.title, columns=len(widths))
    turnout = paper.turnout if paper.no_quorum is None else f"{paper.turnout}\n{paper.no_quorum}"
    seats = "　".join(paper.seat(seat) for seat in paper.seats)
    row = 2
    for name, value in (
        ("time", paper.times),
        ("place", paper.place),
        ("turnout", turnout),
        ("seats", seats),
        ("result", paper.summary),
        ("general", paper.general or ""),
    ):
        row = _fact(sheet, row, paper.say(name), value, widths)
    names = ("position", "number", "topic", "record", "decision", "responsible", "due", "plan", "reply_or_reason")
    lines = [
        (
            str(item.position),
            item.number,
            item.title,
            item.record or "",
            paper.decided(item),
            item.responsible or "",
            paper.day(item.due_at),
            item.measure or "",
            item.public_reply or item.reason or "",
        )
        for item in paper.items
    ]
    _table(sheet, row + 1, [paper.say(name) for name in names], lines, widths)
    return _bytes(workbook)


def countermeasures_workbook(paper: Paper) -> bytes:
    """问题和对策清单."""
    widths = (8, 18, 14, 30, 16, 44, 20, 16, 16)
    workbook, sheet = _workbook(paper, paper.say("list"), columns=len(widths))
    line = f"{paper.kind_name}　{paper.moment(paper.starts_at)}　{paper.place}\n{paper.summary}"
    _write(sheet.cell(2, 1), line)
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(widths))
    sheet.row_dimensions[2].height = LINE_HEIGHT * min(len(lines_of(line, sum(widths))), MOST_LINES) + 3
    names = ("position", "number", "category", "problem", "decision", "measure", "responsible", "due", "progress")
    lines = [
        (
            str(item.position),
            item.number,
            item.category,
            item.title,
            paper.decided(item),
            item.answer,
            item.responsible or "",
            paper.day(item.due_at),
            paper.progress(item),
        )
        for item in paper.items
    ]
    _table(sheet, 4, [paper.say(name) for name in names], lines, widths)
    return _bytes(workbook)


def as_text(value: str) -> str:
    """A text that no spreadsheet reads as a formula, also when it is copied out or saved as CSV: an apostrophe goes before."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    return f"'{clean}" if clean.lstrip().startswith(FORMULA_SIGNS) else clean


def _workbook(paper: Paper, heading: str, *, columns: int) -> tuple[Workbook, Any]:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = heading.replace(":", "")[:31]
    title = f"{paper.community}　{heading}"
    workbook.properties.title, workbook.properties.creator = title, paper.community
    cell = sheet.cell(1, 1)
    _write(cell, title if paper.final else f"{title}{paper.say('is_draft')}")
    cell.font, cell.alignment = Font(name="黑体", size=16, bold=True), Alignment("center", "center")
    cell.border = Border()
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    sheet.row_dimensions[1].height = 34
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = paper.say("page", page="&P", pages="&N")
    return workbook, sheet


def _fact(sheet: Any, row: int, name: str, value: str, widths: Sequence[int]) -> int:
    """A name and a text over all other columns; answers the next free row. Excel fits no height to merged cells: it is set."""
    for part in _parts(value, sum(widths[1:])):
        _write(sheet.cell(row, 1), name, heading=True)
        _write(sheet.cell(row, 2), part)
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(widths))
        sheet.row_dimensions[row].height = LINE_HEIGHT * len(lines_of(part, sum(widths[1:]))) + 3
        row, name = row + 1, ""
    return row


def _table(sheet: Any, first: int, names: Sequence[str], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    for column, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
        _write(sheet.cell(first, column), name, heading=True)
        sheet.column_dimensions[sheet.cell(first, column).column_letter].width = width
    row = first
    for line in lines:
        parts = [_parts(value, width) for value, width in zip(line, widths, strict=True)]
        for texts in zip_longest(*parts, fillvalue=""):
            row += 1
            for column, value in enumerate(texts, start=1):
                _write(sheet.cell(row, column), value)
            most = max(len(lines_of(text, width)) for text, width in zip(texts, widths, strict=True))
            sheet.row_dimensions[row].height = LINE_HEIGHT * most + 3
    sheet.print_title_rows = f"{first}:{first}"
    sheet.freeze_panes = sheet.cell(first + 1, 1)


def _parts(text: str, width: int) -> list[str]:
    """A text in pieces that each fit into the highest row."""
    if len(lines_of(text, width)) <= MOST_LINES:
        return [text]
    lines = lines_of(text, width)
    return ["\n".join(lines[start : start + MOST_LINES]) for start in range(0, len(lines), MOST_LINES)]


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
