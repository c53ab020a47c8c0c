"""The evidence pack (佐证材料包): one zip with every number for reading (HTML), for working with (Excel) and for programs (JSON), sealed by a hash list."""

import hashlib
import html
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from services.issues.documents.issue_list import text_cell

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the pack."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    formula: str
    """How every number of the table is counted."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that goes into a pack."""

    title: str
    lines: tuple[str, ...]
    sections: Sequence[Section]
    data: Any
    """The same numbers as the reports gave them."""


def pack(evidence: Evidence) -> tuple[bytes, str]:
    """The zip, and the hash of its hash list. The same numbers give the same bytes of HTML and JSON."""
    files = {
        "report.html": _page(evidence).encode(),
        "report.xlsx": _workbook(evidence),
        "data.json": json.dumps(evidence.data, ensure_ascii=False, indent=1, sort_keys=True).encode(),
    }
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files["SHA256SUMS.txt"] = sums.encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue(), hashlib.sha256(sums.encode()).hexdigest()


def _page(evidence: Evidence) -> str:
    parts = [
        "<!doctype html><html lang='zh'><head><meta charset='utf-8'>",
        f"<title>{html.escape(evidence.title)}</title>",
        "<style>body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;margin:1em 0}",
        "td,th{border:1px solid #999;padding:.3em .6em;text-align:left;vertical-align:top}@page{size:A4 landscape}</style>",
        f"</head><body><h1>{html.escape(evidence.title)}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in evidence.lines),
    ]
    for section in evidence.sections:
        parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts.append(f"<p>{html.escape(section.formula)}</p>")
        head = "".join(f"<th scope='col'>{html.escape(column)}</th>" for column in section.columns)
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
        for row in section.rows:
            cells = "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</tbody></table>")
    parts.append("</body></html>\n")
    return "\n".join(parts)


def _workbook(evidence: Evidence) -> bytes:
    workbook = Workbook(write_only=True)
    for number, section in enumerate(evidence.sections, start=1):
        sheet = workbook.create_sheet(f"{number}.{section.title}"[:31].replace("/", "、"))
        sheet.append([text_cell(sheet, f"{evidence.title} · {section.title}", bold=True)])
        for line in (*evidence.lines, section.formula):
            sheet.append([text_cell(sheet, line)])
        sheet.append([text_cell(sheet, column, bold=True) for column in section.columns])
        for row in section.rows:
            sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _shown(value: Cell) -> str:
    if value is None:
        return "—"
    return f"{value:.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
