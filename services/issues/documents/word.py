"""A meeting's papers as Word files, in the fonts of Chinese offices, with page numbers that Word counts itself."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from services.issues.documents.paper import ItemLine, Paper

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BODY, HEADING, MASTHEAD = "仿宋", "黑体", "华文中宋"
RED = RGBColor(0xB3, 0x20, 0x1B)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the file's properties, so that the same paper is the same file."""


def minutes_document(paper: Paper) -> bytes:
    """会议记录."""
    document = _sheet(paper, paper.title, landscape=False)
    turnout = paper.turnout if paper.no_quorum is None else f"{paper.turnout}\n{paper.no_quorum}"
    table = _table(document, (Mm(26), Mm(148)))
    for name, value in (
        ("time", paper.times),
        ("place", paper.place),
        ("turnout", turnout),
        ("seats", "　".join(paper.seat(seat) for seat in paper.seats)),
        ("result", paper.summary),
    ):
        _row(table, (paper.say(name), value), headings=(0,))
    if paper.general:
        _heading(document, paper.chapter(1, "general"))
        _text(document, paper.general)
    _heading(document, paper.chapter(2 if paper.general else 1, "items"))
    for item in paper.items:
        _item(document, paper, item)
    if not paper.items:
        _text(document, paper.say("no_items"))
    _signatures(document, paper)
    return _bytes(document)


def countermeasures_document(paper: Paper) -> bytes:
    """问题和对策清单."""
    document = _sheet(paper, paper.say("list"), landscape=True)
    line = _text(document, f"{paper.kind_name}　{paper.moment(paper.starts_at)}　{paper.place}\n{paper.summary}")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = _table(document, tuple(Mm(w) for w in (13, 61, 30, 70, 34, 26, 27)))
    names = ("position", "problem", "decision", "measure", "responsible", "due", "progress")
    _row(table, tuple(paper.say(name) for name in names), headings=range(7))
    _repeat_heading(table.rows[0])
    for item in paper.items:
        matter = f"{item.title}\n{item.number}　{item.category}"
        due = paper.short_day(item.due_at)
        cells = (str(item.position), matter, paper.decided(item), item.answer, item.responsible or "", due)
        _row(table, (*cells, paper.progress(item)), together=not item.has_long_answer)
    if not paper.items:
        _text(document, paper.say("no_items"))
    _signatures(document, paper)
    return _bytes(document)


def _sheet(paper: Paper, title: str, *, landscape: bool) -> Any:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin = section.bottom_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    properties = document.core_properties
    properties.title, properties.author = f"{paper.community}{title}", paper.community
    properties.created = properties.modified = paper.closed_at or LONG_AGO
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(head, f"{paper.community}　{title}", size=9, font=BODY)
    _page_numbers(section.footer.paragraphs[0], paper.say("page", page="\0PAGE\0", pages="\0NUMPAGES\0"))
    masthead = document.add_paragraph()
    masthead.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(masthead, paper.community, size=26, font=MASTHEAD, bold=True, colour=RED)
    _line_below(masthead)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(heading, title, size=19, font=HEADING, bold=True)
    if not paper.final:
        draft = document.add_paragraph()
        draft.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(draft, paper.say("draft"), size=11, font=HEADING, colour=RED)
    return document


def _item(document: Any, paper: Paper, item: ItemLine) -> None:
    head = document.add_paragraph()
    head.paragraph_format.keep_with_next = True
    head.paragraph_format.space_before = Pt(8)
    _run(head, f"{item.position}. {item.title}", font=HEADING, bold=True)
    _run(head, f"　［{paper.decided(item)}］　{item.number}　{item.category}", size=10, font=BODY)
    due = paper.say("due_by", day=paper.day(item.due_at)) if item.due_at else ""
    colon = ": " if paper.language == "en" else "："
    for name, value in (
        ("record", item.record),
        ("reason", item.reason),
        ("responsible", f"{item.responsible}{due}" if item.responsible else None),
        ("plan", item.measure),
        ("reply", item.public_reply),
    ):
        if value:
            line = document.add_paragraph()
            line.paragraph_format.left_indent = Mm(7)
            line.paragraph_format.space_after = Pt(1)
            _run(line, f"{paper.say(name)}{colon}", font=HEADING, bold=True, size=11)
            _run(line, value, size=12)


def _heading(document: Any, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(10)
    _run(paragraph, text, size=14, font=HEADING, bold=True)


def _text(document: Any, text: str) -> Any:
    paragraph = document.add_paragraph()
    _run(paragraph, text)
    return paragraph


def _run(
    paragraph: Any, text: str, *, size: int = 12, font: str = BODY, bold: bool = False, colour: RGBColor | None = None
) -> None:
    run = paragraph.add_run(ILLEGAL_CHARACTERS_RE.sub("", text))
    run.font.name, run.font.size, run.bold = font, Pt(size), bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour


def _table(document: Any, widths: Sequence[Any]) -> Any:
    table = document.add_table(rows=0, cols=len(widths))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table


def _row(table: Any, texts: Sequence[str], headings: Sequence[int] = (), *, together: bool = True) -> None:
    row = table.add_row()
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.width = table.columns[index].width
        heading = index in headings
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(2)
        if heading:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, size=11, font=HEADING if heading else BODY, bold=heading)
    if together:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_heading(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _signatures(document: Any, paper: Paper) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(28)
    _run(paragraph, "　　".join(f"{paper.say(name)}______________" for name in ("chair", "scribe", "date")))


def _line_below(paragraph: Any) -> None:
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "B3201B")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _page_numbers(paragraph: Any, text: str) -> None:
    """第 n 页 共 m 页, each number between two marks, counted by the program that shows the file."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for number, part in enumerate(text.split("\0")):
        if number % 2:
            for kind in ("begin", part, "end"):
                run = paragraph.add_run()
                run.font.size = Pt(9)
                mark = OxmlElement("w:instrText" if kind == part else "w:fldChar")
                if kind == part:
                    mark.text = part
                else:
                    mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
        else:
            _run(paragraph, part, size=9)


def _bytes(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
