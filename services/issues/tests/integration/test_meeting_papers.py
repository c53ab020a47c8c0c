"""A meeting's papers: to print, for Word, for Excel; nothing that people wrote does anything but stand there."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from docx import Document
from openpyxl import load_workbook

from services.issues.documents.excel import MOST_LINES, as_text
from services.issues.documents.page import _css_text
from services.issues.documents.text_lines import lines_of
from services.issues.documents.wording import moment, short_day
from services.issues.tests.builders import (
    CENTRE_HOUSEHOLD,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.town import DEADLINE, Town, done, refused

PAPERS = [f"{name}.{ending}" for name in ("minutes", "countermeasures") for ending in ("html", "docx", "xlsx")]
DAY_OF_MEETING = datetime(2026, 12, 2, 11, tzinfo=UTC)
NASTY = '=HYPERLINK("http://x.example","奖")<script>alert(1)</script>'


async def a_meeting(town: Town) -> str:
    """Three matters: one assigned, one resolved, one private; general minutes; two of three are there."""
    people = [
        {"person_id": str(SECRETARY.person), "seat": "secretary"},
        {"person_id": str(HANDLER.person), "seat": "property_manager"},
        {"person_id": str(RESIDENT.person), "seat": "resident_representative"},
        {"person_id": str(CENTRE_HOUSEHOLD.person), "seat": "centre_household"},
    ]
    meeting = await town.meeting(CHAIR, participants=people)
    way = f"/meetings/{meeting['id']}"
    light = await town.accepted(RESIDENT, OFFICER, title=NASTY)
    gate = await town.accepted(RESIDENT, OFFICER, title="北门道闸损坏，车辆排队", place={"text": "北门"})
    quarrel = await town.accepted(
        RESIDENT, OFFICER, kind="dispute", title="楼上噪音", text="楼上噪音", place={"text": "x"}
    )
    ids = [light["id"], gate["id"], quarrel["id"]]
    first, second, third = done(await town.post(f"{way}/agenda", CHAIR, {"issue_ids": ids}))["items"]
    four = {
        "decision": "assigned",
        "record": "居民代表反映北侧路灯损坏两周，老人夜间出行不便；物业承认线路老化。",
        "responsible_organisation": str(PROPERTY),
        "deadline": DEADLINE,
        "plan": "两日内采购灯具，三日内更换并检查线路，社区复查。",
    }
    done(await town.post(f"{way}/items/{first['id']}/decide", CHAIR, four))
    for item, reply in ((second, "道闸已当场复位，物业每日巡检。"), (third, "双方和解")):
        resolved = {"decision": "resolved", "outcome": "solved", "public_reply": reply}
        done(await town.post(f"{way}/items/{item['id']}/decide", CHAIR, resolved))
    general = "书记通报上周办理情况。\n各代表围绕路灯、停车两件实事发言。"
    done(await town.post(f"{way}/minutes/{meeting['id']}", OFFICER, {"text": general}))
    done(await town.post(f"{way}/close", CHAIR, {"without_quorum_reason": "物业负责人因抢修未到，电话同意"}))
    return way


async def test_papers_open_and_say_what_was_decided(town: Town) -> None:
    way = await a_meeting(town)
    for name in PAPERS:
        answer = await town.get(f"{way}/{name}", CHAIR)
        assert answer.status == 200, (name, answer.body)
        if name.endswith(".html"):
            text = answer.body.decode()
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "<script" not in text
            assert not re.search(r"(?:src|href)\s*=|url\(|@import", text), "a page to print fetches nothing"
        elif name.endswith(".docx"):
            document = Document(io.BytesIO(answer.body))
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
            assert "w:instrText" in document.sections[0].footer._element.xml
            assert 'w:eastAsia="仿宋"' in document.element.xml
        else:
            sheet = load_workbook(io.BytesIO(answer.body)).active
            assert sheet is not None
            values = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
            assert {cell.data_type for cell in values} == {"s"}
            text = "\n".join(str(cell.value) for cell in values)
            assert f"'{NASTY}" in text
        assert answer.headers.get("content-disposition", "attachment").startswith("attachment")
        for needed in ("翡翠城社区", "翡翠物业", "两日内采购灯具", "派单办理", "当场解决", "FCC-2026-000001"):
            assert needed in text, (name, needed)
        if name.startswith("minutes"):
            assert "应到4人" in text
            assert "书记通报上周办理情况" in text
        else:
            assert "已派单" in text


async def test_a_private_matter_is_counted_and_not_told_on_paper(town: Town) -> None:
    way = await a_meeting(town)
    for name in ("minutes.html", "countermeasures.html"):
        theirs = (await town.get(f"{way}/{name}", CENTRE_HOUSEHOLD)).body.decode()
        assert "噪音" not in theirs
        assert "和解" not in theirs
        assert "涉及隐私" in theirs
        assert "噪音" in (await town.get(f"{way}/{name}", SECRETARY)).body.decode()
    for name in PAPERS:
        refused(await town.get(f"{way}/{name}", NEIGHBOUR), 404, "not-found")


async def test_what_was_said_of_a_private_matter_is_read_by_few_on_every_way(town: Town) -> None:
    """Centre households and grid workers read every meeting, guests the one they walked into; none of them reads a quarrel."""
    way = await a_meeting(town)
    meeting = done(await town.get(way, SECRETARY))
    (quarrel,) = [item for item in meeting["items"] if item["private"]]
    assert quarrel["public_reply"] == "双方和解"
    other = await town.meeting(CHAIR)
    noise = await town.accepted(
        RESIDENT, OFFICER, kind="dispute", title="楼上噪音", text="楼上噪音", place={"text": "x"}
    )
    room = f"/meetings/{other['id']}"
    (item,) = done(await town.post(f"{room}/agenda", CHAIR, {"issue_ids": [noise["id"]]}))["items"]
    section = f"{room}/minutes/{item['id']}"
    done(await town.post(section, OFFICER, {"text": "楼上噪音：双方和解"}))
    done(await town.post(f"{room}/items/{item['id']}/record", CHAIR, {"record": "噪音一事双方和解"}))
    for who in (CENTRE_HOUSEHOLD, GRID_WORKER):
        for told in (
            way,
            f"{way}/countermeasures",
            f"{way}/minutes",
            room,
            f"{room}/countermeasures",
            f"{room}/minutes",
        ):
            text = (await town.get(told, who)).body.decode()
            assert "噪音" not in text, told
            assert "和解" not in text, told
    (untold,) = [item for item in done(await town.get(way, CENTRE_HOUSEHOLD))["items"] if item["private"]]
    assert (untold["decision"], untold["position"]) == ("resolved", 3), "that it was there and how it left is no secret"
    assert "楼上噪音" in (await town.get(f"{room}/minutes", OFFICER)).body.decode()
    refused(await town.post(section, GRID_WORKER, {"text": "x"}), 404, "not-found")
    refused(await town.get(f"{section}/versions", GRID_WORKER), 404, "not-found")
    assert len(done(await town.get(f"{section}/versions", OFFICER))["items"]) == 1


async def test_a_meeting_without_anything_has_papers_too(town: Town) -> None:
    meeting = await town.meeting(CHAIR)
    for name in PAPERS:
        assert (await town.get(f"/meetings/{meeting['id']}/{name}", CHAIR)).status == 200
    assert "草稿" in (await town.get(f"/meetings/{meeting['id']}/minutes.html", CHAIR)).body.decode()


async def test_papers_are_in_english_for_who_reads_english(town: Town) -> None:
    way = await a_meeting(town)
    for name in PAPERS:
        answer = await town.get(f"{way}/{name}", CHAIR, lang="en")
        assert (answer.status, answer.headers["content-language"]) == (200, "en"), name
        if name.endswith(".html"):
            text = answer.body.decode()
            assert '<html lang="en">' in text
        elif name.endswith(".docx"):
            document = Document(io.BytesIO(answer.body))
            cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
            text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
        else:
            sheet = load_workbook(io.BytesIO(answer.body)).active
            assert sheet is not None
            text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        for needed in (
            "Responsible",
            "assigned",
            "resolved on the spot",
            "3 discussed: 2 resolved on the spot, 1 assigned",
        ):
            assert needed in text, (name, needed)
        for printed in ("派单办理", "责任单位", "当场解决", "共议", "星期"):
            assert printed not in text, (name, printed)
    assert (await town.get(f"{way}/minutes.html", CHAIR)).headers["content-language"] == "zh-CN"
    refused(await town.get(f"{way}/minutes.html", CHAIR, lang="fr"), 422, "invalid-input")


async def test_personal_numbers_do_not_leave_on_paper_and_stay_in_the_minutes(town: Town) -> None:
    meeting = await town.meeting(CHAIR)
    way = f"/meetings/{meeting['id']}"
    told = "张女士电话13800138000，住3-2-501"
    light = await town.accepted(RESIDENT, OFFICER, title=f"路灯不亮 {told}")
    (item,) = done(await town.post(f"{way}/agenda", CHAIR, {"issue_ids": [light["id"]]}))["items"]
    four = {"decision": "assigned", "record": told, "responsible_organisation": str(PROPERTY), "plan": told}
    done(await town.post(f"{way}/items/{item['id']}/decide", CHAIR, {**four, "deadline": DEADLINE}))
    done(await town.post(f"{way}/minutes/{meeting['id']}", OFFICER, {"text": told}))
    done(await town.post(f"{way}/close", CHAIR, {"without_quorum_reason": told}))
    for name in PAPERS:
        body = (await town.get(f"{way}/{name}", CHAIR)).body
        if name.endswith("html"):
            text = body.decode()
        elif name.endswith("docx"):
            document = Document(io.BytesIO(body))
            text = document.element.xml
        else:
            sheet = load_workbook(io.BytesIO(body)).active
            assert sheet is not None
            text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
        assert "13800138000" not in text, name
        assert "3-2-501" not in text, name
        assert "已隐去" in text, name
    assert done(await town.get(f"{way}/minutes", CHAIR))["sections"][0]["text"] == told


def test_a_name_in_the_page_head_cannot_leave_its_string() -> None:
    style = _css_text('"; } body { display: none } </style>')
    assert re.fullmatch(r"(?:\\[0-9a-f]+ )+", style)


async def test_long_records_go_on_instead_of_being_cut(town: Town) -> None:
    meeting = await town.meeting(CHAIR)
    way = f"/meetings/{meeting['id']}"
    long = "".join(f"第{n}位代表发言，路灯不亮。" for n in range(250))
    light = await town.accepted(RESIDENT, OFFICER)
    (item,) = done(await town.post(f"{way}/agenda", CHAIR, {"issue_ids": [light["id"]]}))["items"]
    done(await town.post(f"{way}/items/{item['id']}/record", CHAIR, {"record": long}))
    done(await town.post(f"{way}/minutes/{meeting['id']}", OFFICER, {"text": long}))
    sheet = load_workbook(io.BytesIO((await town.get(f"{way}/minutes.xlsx", CHAIR)).body)).active
    assert sheet is not None
    assert all((row.height or 0) <= 409 for row in sheet.row_dimensions.values()), "Excel shows no higher row"
    (first,) = re.findall(r"\d+", str(sheet.print_title_rows))[:1]
    records = [str(sheet.cell(row, 4).value or "") for row in range(int(first) + 1, sheet.max_row + 1)]
    assert "".join(records).replace("\n", "") == long
    assert max(len(lines_of(record, 40)) for record in records) <= MOST_LINES
    general = [str(sheet.cell(row, 2).value or "") for row in range(7, int(first))]
    assert "".join(general).replace("\n", "") == long
    page = (await town.get(f"{way}/minutes.html", CHAIR)).body.decode()
    assert 'class="item long"' in page, "it may break across pages"


def test_a_day_of_another_year_says_so() -> None:
    at = DAY_OF_MEETING
    assert short_day(at + timedelta(days=1), at) == "12月3日"
    assert short_day(at + timedelta(days=40), at) == "2027年1月11日"
    assert short_day(at + timedelta(days=40), at, "en") == "11 Jan 2027"
    assert moment(at, "en") == "Wednesday 2 December 2026, 19:00"
    assert moment(at) == "2026年12月2日（星期三）19:00"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@x", " =x", "\t=x", "\r@"])
def test_no_text_is_a_formula(text: str) -> None:
    assert as_text(text).startswith("'")
    assert as_text(f"路灯{text}") == f"路灯{text}"
