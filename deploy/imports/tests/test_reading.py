"""Files as people make them: escapes, encodings, titles above the header, dates in every form. Rows of our own making."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from deploy.imports.checking import Checker, Defaults, GoodRow, RowError
from deploy.imports.mapping import COLUMNS, MappingRefused, mapping_of
from deploy.imports.moments import moment_of
from deploy.imports.sending import batches
from deploy.imports.sheets import SheetUnreadable, read_sheet

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "一级分类"]
ROW: list[Any] = ["7", "U01", "路口太暗", "2020/1/6 12:09:38", "　　路口没有灯。\n晚上看不清。", "城乡建设"]
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def workbook(file: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file


def checked(file: Path, **options: Any) -> tuple[list[GoodRow], list[RowError]]:
    columns = mapping_of(options.pop("mapping", None))
    defaults = Defaults("地点见留言内容", options.pop("category", None))
    names = {"城乡建设": "urban_construction", "labour": "labour"}
    given = ("category",) if defaults.category else ()
    return Checker(columns, names, defaults, NOW).check(read_sheet(file, columns.needed(*given)))


def test_a_workbook_is_read_with_its_line_breaks_and_wide_spaces(tmp_path: Path) -> None:
    text = "第一行_x000D_\n　　第二行\xa0尾"
    file = workbook(tmp_path / "m.xlsx", ["市民留言"], HEADER, ["6", *ROW[1:4], text, ROW[5]], [None] * 6, ROW)
    good, errors = checked(file)
    assert [row.number for row in good] == [3, 5]
    assert good[0].body["text"] == "第一行\n　　第二行\xa0尾"
    assert good[1].body == {
        "source_id": "7",
        "category": "urban_construction",
        "place": "地点见留言内容",
        "title": "路口太暗",
        "text": "　　路口没有灯。\n晚上看不清。",
        "reported_at": "2020-01-06T12:09:38+08:00",
        "reporter": "U01",
    }
    assert errors == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_in_the_encodings_that_offices_write(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADER), delimiter.join(f'"{cell}"' for cell in ROW)]
    file = tmp_path / "m.csv"
    file.write_bytes("\r\n".join(lines).encode(encoding))
    good, errors = checked(file)
    assert errors == []
    assert good[0].body["text"] == ROW[4]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("2020/1/6 12:09:38", "2020-01-06T12:09:38+08:00"),
        ("2020-01-06 12:09", "2020-01-06T12:09:00+08:00"),
        ("2020.1.6", "2020-01-06T00:00:00+08:00"),
        ("2020年1月6日 12时9分38秒", "2020-01-06T12:09:38+08:00"),
        ("2020年1月6日 下午3点05分", "2020-01-06T15:05:00+08:00"),
        ("2020/1/6 上午12:30", "2020-01-06T00:30:00+08:00"),
        ("20200106", "2020-01-06T00:00:00+08:00"),
        ("2020-01-06T04:09:38Z", "2020-01-06T04:09:38+00:00"),
        (datetime(2020, 1, 6, 12, 9), "2020-01-06T12:09:00+08:00"),  # noqa: DTZ001 - as a spreadsheet gives it
        (date(2020, 1, 6), "2020-01-06T00:00:00+08:00"),
        (43836.5, "2020-01-06T12:00:00+08:00"),
        ("43836.5", "2020-01-06T12:00:00+08:00"),
    ],
)
def test_a_moment_is_understood(cell: object, wanted: str) -> None:
    assert moment_of(cell).isoformat() == wanted


@pytest.mark.parametrize("cell", ["昨天", "2020/13/1", "2020/2/30 25:00:00", "1/6/2020", "12", 12, True, ""])
def test_what_is_no_moment_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        moment_of(cell)


def test_every_mistake_is_told_in_its_place(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "m.xlsx",
        HEADER,
        ROW,
        ["7", *ROW[1:]],
        ["8", "U", "t", "昨天", " ", "月球事务"],
        ["9 9", "U", "t", "2031/1/1", "x" * 20_001, None],
    )
    good, errors = checked(file)
    assert [row.source_id for row in good] == ["7"]
    assert [(error.row, error.column) for error in errors] == [
        (3, "留言编号"),
        (4, "留言详情"),
        (4, "一级分类"),
        (4, "留言时间"),
        (5, "留言详情"),
        (5, "留言编号"),
        (5, "一级分类"),
        (5, "留言时间"),
    ]
    assert "2" in errors[0].problem, "a repetition says which row it repeats"


def test_numbers_of_a_spreadsheet_are_ids_without_a_fraction(tmp_path: Path) -> None:
    good, _ = checked(workbook(tmp_path / "m.xlsx", HEADER, [7.0, *ROW[1:]], [8, *ROW[1:]]))
    assert [row.source_id for row in good] == ["7", "8"]


def test_other_columns_can_be_mapped(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "m.xlsx", ["编号", "时间", "内容", "类别", "地点"], ["1", "2020/1/6", "灯坏了", "labour", "北门"]
    )
    good, errors = checked(file, mapping="编号=source_id,时间=reported_at,内容=text,类别=category,地点=place")
    assert errors == []
    assert (good[0].body["place"], good[0].body["category"]) == ("北门", "labour")


def test_a_mapping_file_can_rename_categories(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text(
        '{"columns": {"类别": "category"}, "categories": {"建设": "urban_construction"}}', encoding="utf-8"
    )
    file = workbook(tmp_path / "m.xlsx", [*HEADER[:5], "类别"], [*ROW[:5], "建设"])
    good, errors = checked(file, mapping=str(mapping))
    assert errors == []
    assert good[0].body["category"] == "urban_construction"


@pytest.mark.parametrize("given", ["列=nowhere", "category", "=text", "/nowhere/m.json"])
def test_a_mapping_that_maps_nothing_is_refused(given: str) -> None:
    with pytest.raises(MappingRefused):
        mapping_of(given)


def test_a_file_without_a_category_column_takes_a_default(tmp_path: Path) -> None:
    file = workbook(tmp_path / "m.xlsx", HEADER[:5], ROW[:5])
    with pytest.raises(SheetUnreadable, match="一级分类"):
        checked(file)
    good, errors = checked(file, category="城乡建设")
    assert (good[0].body["category"], errors) == ("urban_construction", [])


@pytest.mark.parametrize("name", ["m.xlsx", "m.csv", "m.pdf"])
def test_a_file_that_is_no_spreadsheet_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x00\xff no spreadsheet")
    with pytest.raises(SheetUnreadable):
        read_sheet(tmp_path / name, list(COLUMNS))
    with pytest.raises(SheetUnreadable):
        read_sheet(tmp_path / "nowhere.xlsx", list(COLUMNS))


def test_batches_are_small_in_rows_and_in_bytes() -> None:
    short = [GoodRow(n, {"source_id": str(n), "text": "x"}) for n in range(250)]
    assert [len(batch) for batch in batches(short)] == [100, 100, 50]
    long = [GoodRow(n, {"source_id": str(n), "text": "很" * 20_000}) for n in range(30)]
    assert [len(batch) for batch in batches(long)] == [9, 9, 9, 3]
