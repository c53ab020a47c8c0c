"""Searching finds what a plain comparison of texts finds: at once, whatever the index knows already, and only what one may see."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.issues.domain.search_words import folded, words_of
from services.issues.domain.words.issues import IssueKind
from services.issues.queries import search as search_query
from services.issues.tests.builders import (
    ADMIN,
    BUILDING,
    CENTRE_HOUSEHOLD,
    CHAIR,
    COMPOUND,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OTHER_HANDLER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.test_contacts import called_in
from services.issues.tests.integration.test_lists import EVERYBODY
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused
from shared.database.migrations import downgrade, migrate
from shared.database.row_security import tables_without_row_security
from shared.principal import Principal
from shared.testing.databases import Databases
from shared.testing.fixtures import MakeDatabase

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
OURS = next(MIGRATIONS.glob("*_create_search.py")).name[:4]


async def found(town: Town, who: Principal, q: str, *, limit: int = 2, **filters: Any) -> list[str]:
    """Ids of the whole result, page by page."""
    ids: list[str] = []
    cursor = None
    while True:
        page = done(
            await town.get("/issues/search", who, q=q, limit=limit, **filters, **({"cursor": cursor} if cursor else {}))
        )
        ids += [item["issue"]["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return ids


async def indexed(town: Town) -> int:
    """Put everything that waits into the index."""
    count: int = await town.app.state.indexing.once()
    return count


async def test_a_report_is_found_by_its_words_before_and_after_it_is_indexed(town: Town) -> None:
    light = await town.report(RESIDENT, "12号楼北侧路灯不亮，晚上很黑", title="路灯坏了")
    bike = await town.report(RESIDENT, "E-bike 乱停，堵住１２号楼门口")
    for _ in range(2):
        assert await found(town, OFFICER, "路灯") == [light["id"]]
        assert await found(town, OFFICER, "12号楼") == [bike["id"], light["id"]]
        assert await found(town, OFFICER, "１２号楼 很黑") == [light["id"]]
        assert await found(town, OFFICER, "ebike") == [bike["id"]]
        assert await found(town, OFFICER, "e-BIKE 门口") == [bike["id"]]
        assert await found(town, OFFICER, "不存在的词") == []
        assert await found(town, OFFICER, light["number"]) == [light["id"]]
        await indexed(town)
    assert await town.rows("SELECT 1 FROM search_queue WHERE community = $1", town.community) == []


async def test_place_and_public_reply_are_searched_and_a_changed_issue_is_indexed_again(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER, place={"text": "喷泉广场东侧"})
    await indexed(town)
    assert await found(town, RESIDENT, "喷泉广场") == [issue["id"]]
    assert await found(town, RESIDENT, "更换电缆") == []
    done(
        await town.post(
            f"/issues/{issue['id']}/resolve",
            OFFICER,
            {"outcome": "solved", "public_reply": "已更换电缆，恢复照明", "level": "community"},
        )
    )
    for _ in range(2):
        assert await found(town, RESIDENT, "更换电缆") == [issue["id"]]
        assert await found(town, RESIDENT, "喷泉 恢复照明") == [issue["id"]]
        assert await indexed(town) in (0, 1)


async def test_numbers_are_found_complete_by_their_beginning_and_by_the_serial(town: Town) -> None:
    issues = [await town.report(RESIDENT, "没有数字") for _ in range(3)]
    await indexed(town)
    assert await found(town, OFFICER, "FCC-2026-000002") == [issues[1]["id"]]
    assert await found(town, OFFICER, "fcc2026") == [issue["id"] for issue in reversed(issues)]
    assert await found(town, OFFICER, "000003") == [issues[2]["id"]]
    assert await found(town, OFFICER, "FCC-2026 数字") == [issue["id"] for issue in reversed(issues)]
    assert await found(town, OFFICER, "FCC-2025") == []
    page = done(await town.get("/issues/search", OFFICER, q="000003"))
    assert page["items"][0]["excerpts"][0] == {
        "field": "number",
        "fragments": [{"text": "FCC-2026-", "hit": False}, {"text": "000003", "hit": True}],
    }


async def test_the_office_finds_a_matter_by_the_telephone_of_whom_it_concerns_and_nobody_else_does(town: Town) -> None:
    named = await called_in(town)
    unnamed = await called_in(town, anonymous=True)
    await town.report(RESIDENT, "与电话无关")
    for _ in range(2):
        assert await found(town, OFFICER, "8000") == [unnamed["id"], named["id"]]
        assert await found(town, OFFICER, "138-0000-8000 楼道") == [unnamed["id"], named["id"]]
        assert await found(town, SECRETARY, "8000") == [named["id"]]
        assert await found(town, OFFICER, "8000 没有这个词") == []
        assert await found(town, OFFICER, "0000") == await found(town, OFFICER, "13800008001") == []
        for who in (GRID_WORKER, CENTRE_HOUSEHOLD, ADMIN, CHAIR, RESIDENT, HANDLER):
            assert await found(town, who, "8000") == [], who
        await indexed(town)
    page = done(await town.get("/issues/search", OFFICER, q="8000"))
    assert page["items"][0]["excerpts"] == [{"field": "phone", "fragments": [{"text": "8000", "hit": True}]}]


async def test_a_contact_found_by_its_whole_number_is_a_look_that_is_written_down(town: Town) -> None:
    issue = await called_in(town)
    reveals = f"/issues/{issue['id']}/reveals"
    for asked in ("8000", "138****8000", "13800008001", "楼道"):
        await town.get("/issues/search", OFFICER, q=asked)
    assert done(await town.get(reveals, OFFICER))["items"] == []
    assert await found(town, SECRETARY, "138 0000 8000") == []
    assert await found(town, SECRETARY, "13800008000") == [issue["id"]]
    (look,) = done(await town.get(reveals, OFFICER))["items"]
    assert (look["person"], look["field"], look["purpose"]) == (str(SECRETARY.person), "contact", "found")
    body = {"field": "contact", "purpose": "found"}
    assert list((await town.post(f"/issues/{issue['id']}/reveal", OFFICER, body)).fields) == ["purpose"]


async def test_filters_of_the_list_narrow_a_search(town: Town) -> None:
    here = await town.report(RESIDENT, "同样的话")
    there = await town.report(RESIDENT, "同样的话", place={"text": "南门"})
    assert await found(town, OFFICER, "同样的话", building_id=str(BUILDING)) == [here["id"]]
    assert await found(town, OFFICER, "同样的话", compound_id=str(COMPOUND)) == [here["id"]]
    assert await found(town, OFFICER, "同样的话", source="resident") == [there["id"], here["id"]]
    assert await found(town, OFFICER, "同样的话", source="patrol") == []


async def test_excerpts_are_pieces_of_text_and_never_markup(town: Town) -> None:
    await town.report(RESIDENT, "<b>路灯</b> & <script>不亮</script>", title="照明")
    page = done(await town.get("/issues/search", RESIDENT, q="路灯"))
    (item,) = page["items"]
    assert item["excerpts"] == [
        {
            "field": "text",
            "fragments": [
                {"text": "<b>", "hit": False},
                {"text": "路灯", "hit": True},
                {"text": "</b> & <script>不亮</scrip…", "hit": False},
            ],
        }
    ]
    assert page["complete"] is True


async def test_everybody_finds_exactly_what_they_can_read_one_by_one(town: Town) -> None:
    everything = [
        (await town.report(RESIDENT))["id"],
        (await town.report(RESIDENT, category="neighbour_quarrel"))["id"],
        (await town.report(NEIGHBOUR, kind=IssueKind.DISPUTE))["id"],
    ]
    handled = await town.accepted(NEIGHBOUR, OFFICER, kind=IssueKind.DISPUTE)
    done(await town.post(f"/issues/{handled['id']}/assign", OFFICER, FOUR))
    everything.append(handled["id"])
    for few in (search_query.FEW, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(search_query, "FEW", few)
            for who in (*EVERYBODY, SECRETARY):
                readable = [one for one in everything if (await town.get(f"/issues/{one}", who)).status == 200]
                assert sorted(await found(town, who, "路灯不亮")) == sorted(readable), (who, few)
            assert await found(town, OFFICER, "路灯", category="neighbour_quarrel") == [everything[1]]
            assert await found(town, GRID_WORKER, "路灯", reported_by="me") == []
            assert await found(town, SECRETARY, "路灯", state="assigned") == [handled["id"]]
            assert await found(town, OFFICER, "路灯", responsible_organisation=str(PROPERTY)) == [handled["id"]]
        await indexed(town)
    assert await found(town, HANDLER, "路灯") == [handled["id"]]
    assert await found(town, OTHER_HANDLER, "路灯") == []


async def test_a_page_that_examined_enough_ends_early_and_the_next_one_goes_on(town: Town) -> None:
    """ "路灯 亮路" has both pairs, but not side by side: the index cannot know."""
    wanted = await town.report(RESIDENT, "路灯路")
    for _ in range(5):
        await town.report(RESIDENT, "灯路和路灯")
    await indexed(town)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_query, "EXAMINED", 2)
        patch.setattr(search_query, "AT_ONCE", 2)
        first = done(await town.get("/issues/search", OFFICER, q="路灯路"))
        assert (first["items"], first["next_cursor"] is None) == ([], False)
        assert await found(town, OFFICER, "路灯路") == [wanted["id"]]


async def test_issues_from_before_the_index_are_found_when_it_has_walked_over_them(town: Town) -> None:
    old = [(await town.report(RESIDENT))["id"] for _ in range(3)]
    await town.rows("DELETE FROM search_queue WHERE community = $1", town.community)
    await town.rows("INSERT INTO search_backfill (community) VALUES ($1)", town.community)
    page = done(await town.get("/issues/search", OFFICER, q="路灯"))
    assert (page["items"], page["complete"]) == ([], False)
    assert await indexed(town) == 3
    assert await found(town, OFFICER, "路灯") == old[::-1]
    assert done(await town.get("/issues/search", OFFICER, q="路灯"))["complete"] is True


async def test_another_community_finds_nothing_and_the_tables_are_walled(town: Town, database_of: MakeDatabase) -> None:
    await town.report(RESIDENT, "独一无二的词")
    await indexed(town)
    other = Town(town.app, town.database, town.clock)
    await other.found()
    assert await found(other, OFFICER, "独一无二") == []
    assert (
        await other.client.get(town.path("/issues/search"), params={"q": "独一"}, headers=other.headers(OFFICER))
    ).status == 404
    connection = await asyncpg.connect(town.database.plain(town.database.app_url))
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.community', $1, true)", other.community)
            for table in ("search_postings", "search_queue", "search_backfill"):
                assert await connection.fetch(f"SELECT FROM {table} WHERE community = $1", town.community) == []
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "INSERT INTO search_queue (community, issue_id) VALUES ($1, $2)", town.community, UUID(int=1)
                )
    finally:
        await connection.close()


async def test_no_table_of_this_service_is_without_a_wall(town: Town) -> None:
    async with town.app.state.database.reading(town.community) as connection:
        assert await tables_without_row_security(connection) == []


@pytest.mark.parametrize("q", ["路", "", "！！", "路" * 101, "一二 二三 三四 四五 五六 六七 七八 八九 九十"])
async def test_a_question_that_cannot_be_answered_is_refused_by_name(town: Town, q: str) -> None:
    answer = await town.get("/issues/search", OFFICER, q=q)
    assert answer.status == 422
    assert "q" in json.dumps(answer.json()["errors"])


async def test_a_made_up_cursor_is_refused(town: Town) -> None:
    refused(await town.get("/issues/search", OFFICER, q="路灯", cursor="zz"), 422, "cursor-refused")
    refused(await town.get("/issues/search", OFFICER, q="路灯", cursor="f" * 30), 422, "cursor-refused")


TEXTS = st.text(st.sampled_from("路灯亮不1２aＡ，- 😀é"), min_size=1, max_size=12).filter(
    lambda text: bool(text.strip())
)
ASKED = st.text(st.sampled_from("路灯亮不1２aＡ， 😀"), min_size=2, max_size=4).filter(
    lambda text: any(len(folded(word)) > 1 for word in text.split())
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=6), st.lists(ASKED, min_size=1, max_size=6), st.integers(0, 6))
async def test_search_finds_what_a_plain_comparison_finds(
    town: Town, texts: list[str], asked: list[str], indexed_first: int
) -> None:
    for n, text in enumerate(texts):
        await town.report(RESIDENT, text)
        if n == indexed_first:
            await indexed(town)
    rows = await town.rows(
        "SELECT id, number, title, text, place_text FROM issues WHERE community = $1 ORDER BY number DESC",
        town.community,
    )
    for q in asked:
        expected = [str(row["id"]) for row in rows if plainly_holds(row, words_of(q))]
        assert await found(town, OFFICER, q, limit=3) == expected, q


def plainly_holds(row: Any, words: tuple[str, ...]) -> bool:
    """What searching means, without any index."""
    serial = int(row["number"].rsplit("-", 1)[1])
    return all(
        any(word in folded(row[name] or "") for name in ("title", "text", "place_text"))
        or (word.isdigit() and int(word) == serial)
        for word in words
    )


async def test_the_migration_has_older_issues_walked_over(databases: Databases) -> None:
    database = databases.create_empty("issues")
    try:
        await migrate(database.owner_url, "issues", OURS)
        await downgrade(database.owner_url, "issues", f"{int(OURS) - 1:04d}")
        connection = await asyncpg.connect(database.plain(database.superuser_url))
        await connection.execute(
            "INSERT INTO community_profiles (community, id, code, name) VALUES ('fcc', gen_random_uuid(), 'FCC', '翡翠城')"
        )
        await migrate(database.owner_url, "issues", OURS)
        assert [row["community"] for row in await connection.fetch("SELECT * FROM search_backfill")] == ["fcc"]
        forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('community_profiles', 'search_backfill')"
        assert await connection.fetchval(forced)
        await connection.close()
    finally:
        databases.drop(database)
