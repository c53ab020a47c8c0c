"""What neighbours see of an issue, and how they join it instead of reporting it again."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from services.issues.tests.builders import (
    ADMIN,
    BUILDING,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OTHER_HANDLER,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused, without_instance
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

SECRET = "12号楼3单元501室张某，电话13800008000，鲁B12345挡住路灯"
WORDS = {"title": "路灯不亮", "summary": "12号楼北侧路灯不亮，已报修", "shows_building": True}


def like(category: str = "street_light", building: Any = BUILDING) -> dict[str, str]:
    return {"building_id": str(building), "category": category}


async def published(town: Town, **more: Any) -> Any:
    issue = await town.report(RESIDENT, SECRET, consent="with_building", **more)
    return done(await town.post(f"/issues/{issue['id']}/publish", OFFICER, WORDS))


async def test_an_issue_is_private_until_its_reporter_agrees_and_the_office_has_edited_a_card(town: Town) -> None:
    issue = await town.report(RESIDENT, SECRET)
    way = f"/issues/{issue['id']}"
    assert (issue["consent"], issue["public"], issue["joined"]) == ("private", False, 0)
    refused(await town.post(f"{way}/publish", OFFICER, WORDS), 409, "not-publishable")
    page = done(await town.get(f"{way}/card", OFFICER))
    assert (page["may_be_published"], page["reason"]["zh"]) == (False, "诉求人没有同意公开")
    refused(await town.post(f"{way}/consent", OFFICER, {"consent": "with_building"}), 403, "not-your-step")
    refused(await town.post(f"{way}/consent", GRID_WORKER, {"consent": "with_building"}), 403, "not-your-step")

    agreed = done(await town.post(f"{way}/consent", RESIDENT, {"consent": "without_building"}))
    answer = refused(await town.post(f"{way}/publish", OFFICER, WORDS), 409, "not-publishable")
    assert list(answer.fields) == ["shows_building"]
    words = {**WORDS, "shows_building": False}
    refused(await town.post(f"{way}/publish", OFFICER, words, if_match=agreed["version"] - 1), 412, "version-mismatch")
    assert done(await town.post(f"{way}/publish", OFFICER, words, if_match=agreed["version"]))["public"] is True

    (card,) = done(await town.get("/cards", NEIGHBOUR))["items"]
    assert (card["title"], card["summary"]) == ("路灯不亮", "〔楼栋已隐去〕北侧路灯不亮，已报修")
    assert (card["area"]["building_id"], card["area"]["building"]) == (None, None)
    assert card == done(await town.get(f"{way}/card", NEIGHBOUR))["card"]
    assert await town.published(issue["id"]) == ["issue_registered", "card_published"]
    refused(await town.get(way, NEIGHBOUR), 404, "not-found")


async def test_the_preview_shows_exactly_what_neighbours_will_see(town: Town) -> None:
    matter = {"category": "street_light", "place": {"building_id": str(BUILDING)}, "text": SECRET, "title": "太暗"}
    before = done(await town.post("/issues/card-preview", RESIDENT, {**matter, "consent": "with_building"}))
    assert (before["may_be_published"], before["reason"], before["building_id"]) == (True, None, str(BUILDING))
    assert [label["zh"] for label in before["hidden"]] == ["电话", "车牌", "门牌"]
    for secret in ("501", "13800008000", "12345"):
        assert secret not in before["summary"]
    vague = done(await town.post("/issues/card-preview", RESIDENT, {**matter, "consent": "without_building"}))
    assert (vague["building_id"], "12号楼" in vague["summary"]) == (None, False)
    never = done(await town.post("/issues/card-preview", RESIDENT, {**matter, "consent": "private"}))
    assert (never["may_be_published"], never["reason"]["en"]) == (False, "The reporter has not agreed to publication")
    secret_kind = {**matter, "category": "neighbour_quarrel", "consent": "with_building"}
    assert done(await town.post("/issues/card-preview", RESIDENT, secret_kind))["may_be_published"] is False
    assert await town.rows("SELECT 1 FROM issues WHERE community = $1", town.community) == []

    issue = done(await town.post("/issues", RESIDENT, {**matter, "consent": "with_building"}), 201)
    draft = done(await town.get(f"/issues/{issue['id']}/card", RESIDENT))
    assert (draft["published"], draft["card"]["summary"]) == (False, before["summary"])
    words = {"title": draft["card"]["title"], "summary": draft["card"]["summary"], "shows_building": True}
    done(await town.post(f"/issues/{issue['id']}/publish", OFFICER, words))
    seen = done(await town.get(f"/issues/{issue['id']}/card", NEIGHBOUR))["card"]
    assert {**seen, "published_at": None} == draft["card"]


async def test_taking_consent_back_takes_the_card_away_at_once(town: Town) -> None:
    for consent, left in (("private", 0), ("without_building", 0), ("with_building", 1)):
        issue = await published(town)
        done(await town.post(f"/issues/{issue['id']}/consent", RESIDENT, {"consent": consent}))
        cards = done(await town.get("/cards", NEIGHBOUR))["items"]
        assert [card["issue_id"] for card in cards] == [issue["id"]] * left
        assert ("card_withdrawn" in await town.published(issue["id"])) == (left == 0)


async def test_the_office_takes_a_card_back_and_the_history_says_why(town: Town) -> None:
    issue = await published(town)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/unpublish", SECRETARY, {"reason": "当事人可被认出"}))
    refused(await town.post(f"{way}/unpublish", SECRETARY), 409, "not-publishable")
    refused(await town.get(f"{way}/card", NEIGHBOUR), 404, "not-found")
    steps = done(await town.get(f"{way}/history", OFFICER))["items"]
    assert [(step["verb"], step["note"]) for step in steps][1:] == [("publish", None), ("unpublish", "当事人可被认出")]
    assert {step["to_state"] for step in steps} == {"registered"}


async def test_disputes_and_confidential_matters_are_never_public_suggested_or_joined(town: Town) -> None:
    for category, more in (("neighbour_quarrel", {}), ("care", {}), ("discipline", {}), ("noise", {"kind": "dispute"})):
        issue = await town.report(RESIDENT, SECRET, category=category, consent="with_building", **more)
        way = f"/issues/{issue['id']}"
        refused(await town.post(f"{way}/publish", ADMIN, WORDS), 409, "not-publishable")
        assert done(await town.get("/issues/similar", NEIGHBOUR, **like(category)))["items"] == []
        for path in (f"{way}/join", f"{way}/leave"):
            real, unreal = await town.post(path, NEIGHBOUR), await town.post(f"/issues/{new_id()}/join", NEIGHBOUR)
            assert (real.status, without_instance(real)) == (404, without_instance(unreal))
    assert done(await town.get("/cards", NEIGHBOUR))["items"] == []


async def test_similar_issues_are_suggested_without_any_word_of_their_reporters(town: Town) -> None:
    private = await town.report(RESIDENT, SECRET, title="我家门口")
    public = await published(town)
    await town.report(RESIDENT, SECRET, category="noise")
    await town.report(RESIDENT, SECRET, place={"text": "北门"})
    answer = await town.get("/issues/similar", NEIGHBOUR, **like())
    found = done(answer)["items"]
    assert [card["number"] for card in found] == [public["number"], private["number"]]
    assert [card["title"] for card in found] == ["路灯不亮", None]
    assert (found[1]["summary"], found[1]["public_reply"], found[1]["state"]) == (None, None, "registered")
    assert found[1]["area"]["building"] == "12号楼"
    for secret in ("张某", "501", "门口", "13800008000", str(RESIDENT.person)):
        assert secret not in answer.body.decode()
    town.clock.advance(timedelta(days=30, seconds=1))
    assert done(await town.get("/issues/similar", NEIGHBOUR, **like()))["items"] == []


async def test_a_joiner_reads_card_trail_and_reply_but_not_the_private_words(town: Town) -> None:
    issue = await town.report(RESIDENT, SECRET)
    way = f"/issues/{issue['id']}"
    refused(await town.get(f"{way}/card", NEIGHBOUR), 404, "not-found")
    assert done(await town.post(f"{way}/join", NEIGHBOUR))["joined"] == 1
    done(await town.post(f"{way}/accept", OFFICER, {"tier": "general"}))
    reply = {"outcome": "solved", "public_reply": "已换灯头，有事打13800008000"}
    done(await town.post(f"{way}/resolve", OFFICER, reply))
    answer = await town.get(f"{way}/card", NEIGHBOUR)
    page = done(answer)
    assert (page["following"], page["published"], page["card"]["title"]) == (True, False, None)
    assert page["card"]["public_reply"] == "已换灯头，有事打〔电话已隐去〕"
    assert [step["label"]["zh"] for step in page["card"]["trail"] if step["at"]] == ["呼", "议", "应", "为"]
    for secret in ("张某", "501", "13800008000"):
        assert secret not in answer.body.decode()
    refused(await town.get(way, NEIGHBOUR), 404, "not-found")
    refused(await town.get(f"{way}/history", NEIGHBOUR), 404, "not-found")
    assert [card["issue_id"] for card in done(await town.get("/cards/followed", NEIGHBOUR))["items"]] == [issue["id"]]
    assert done(await town.get("/cards/followed", RESIDENT))["items"] == []


async def test_each_person_joins_once_and_may_leave(town: Town) -> None:
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}"
    for _ in range(2):
        assert done(await town.post(f"{way}/join", NEIGHBOUR)) == {
            "issue_id": issue["id"],
            "number": issue["number"],
            "following": True,
            "joined": 1,
        }
    refused(await town.post(f"{way}/join", RESIDENT), 409, "not-joinable")
    done(await town.post(f"{way}/join", HANDLER))
    for _ in range(2):
        assert done(await town.post(f"{way}/leave", NEIGHBOUR))["joined"] == 1
    refused(await town.get(f"{way}/card", NEIGHBOUR), 404, "not-found")
    seen = done(await town.get(way, OFFICER))
    assert (seen["joined"], seen["version"]) == (1, 1), "joining makes no new version: nobody's work is outdated by it"
    assert (await town.published(issue["id"]))[1:] == ["issue_joined", "issue_joined", "issue_left"]
    done(await town.post(f"{way}/withdraw", RESIDENT))
    refused(await town.post(f"{way}/join", NEIGHBOUR), 409, "not-joinable")


async def test_fifty_neighbours_at_once_are_fifty_followers_while_the_office_works(town: Town) -> None:
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}"
    crowd = [a_principal(Role.RESIDENT) for _ in range(50)]
    work = town.post(f"{way}/accept", OFFICER, {"tier": "general"}, if_match="1")
    answers = await asyncio.gather(*(town.post(f"{way}/join", who) for who in crowd), work)
    assert {answer.status for answer in answers} == {200}
    assert sorted(answer.json()["joined"] for answer in answers[:-1]) == list(range(1, 51))
    again = await asyncio.gather(*(town.post(f"{way}/{step}", crowd[0]) for step in ("join", "leave") * 5))
    assert {answer.status for answer in again} == {200}
    rows = await town.rows("SELECT count(*) AS n FROM issue_followers WHERE issue_id = $1", issue["id"])
    assert done(await town.get(way, OFFICER))["joined"] == rows[0]["n"] in (49, 50)
    versions = await town.rows(
        "SELECT array_agg(aggregate_version ORDER BY aggregate_version) AS v FROM outbox WHERE aggregate_id = $1",
        issue["id"],
    )
    assert versions[0]["v"] == list(range(1, len(versions[0]["v"]) + 1))


async def test_the_list_of_cards_is_filtered_and_paged(town: Town) -> None:
    cards = [await published(town) for _ in range(3)]
    noise = await published(town, category="noise")
    done(await town.post(f"/issues/{noise['id']}/accept", OFFICER, {"tier": "general"}))
    hidden = await town.report(RESIDENT, SECRET, consent="without_building")
    done(await town.post(f"/issues/{hidden['id']}/publish", OFFICER, {**WORDS, "shows_building": False}))

    async def listed(**filters: Any) -> list[str]:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = done(await town.get("/cards", NEIGHBOUR, limit=2, **filters, **cursor))
            found += [item["issue_id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    newest = [hidden["id"], noise["id"], *[card["id"] for card in cards[::-1]]]
    assert await listed() == newest
    assert await listed(category="noise") == [noise["id"]]
    assert await listed(state="accepted") == [noise["id"]]
    assert await listed(building_id=str(BUILDING)) == newest[1:], (
        "a building that may not be shown is no way to find it"
    )
    assert await listed(category="moon") == []
    for name, value in (("state", "lost"), ("category", "路灯"), ("building_id", "x"), ("limit", 101)):
        answer = await town.get("/cards", NEIGHBOUR, **{name: value})
        assert (answer.status, list(answer.fields)) == (422, [name])


async def test_complaints_about_officials_are_confidential_also_by_their_fine_categories(town: Town) -> None:
    done(await town.post("/categories/import-taxonomy", ADMIN, {"dry_run": False}))
    issue = await town.report(RESIDENT, category="discipline_02_01", consent="with_building")
    way = f"/issues/{issue['id']}"
    refused(await town.post(f"{way}/publish", OFFICER, WORDS), 409, "not-publishable")
    refused(await town.post(f"{way}/join", NEIGHBOUR), 404, "not-found")
    assert done(await town.get("/issues/similar", NEIGHBOUR, **like("discipline_02_01")))["items"] == []
    public = await published(town)
    await town.rows("UPDATE issues SET category = 'discipline_02_01' WHERE community = $1", town.community)
    assert done(await town.get("/cards", NEIGHBOUR))["items"] == []
    refused(await town.get(f"/issues/{public['id']}/card", NEIGHBOUR), 404, "not-found")
    assert done(await town.get("/open311/requests", NEIGHBOUR))["items"] == []


@pytest.mark.parametrize("missing", ["building_id", "category"])
async def test_what_is_similar_needs_a_place_and_a_category(town: Town, missing: str) -> None:
    asked = {name: value for name, value in like().items() if name != missing}
    assert list(refused(await town.get("/issues/similar", NEIGHBOUR, **asked), 422, "invalid-input").fields) == [
        missing
    ]


async def test_another_community_sees_no_card_and_suggests_none(town: Town) -> None:
    await published(town)
    elsewhere = Town(town.app, town.database, town.clock)
    await elsewhere.found()
    assert done(await elsewhere.get("/cards", NEIGHBOUR))["items"] == []
    assert done(await elsewhere.get("/issues/similar", NEIGHBOUR, **like()))["items"] == []


async def test_two_officers_edit_a_card_and_one_of_them_is_told(town: Town) -> None:
    issue = await town.report(RESIDENT, consent="with_building")
    path = f"/issues/{issue['id']}/publish"
    answers = await asyncio.gather(
        *(
            town.post(path, who, {**WORDS, "title": title}, if_match="1")
            for who, title in ((OFFICER, "一"), (ADMIN, "二"))
        )
    )
    assert sorted(answer.status for answer in answers) in ([200, 409], [200, 412])
    assert len([1 for name in await town.published(issue["id"]) if name == "card_published"]) == 1


async def test_assigning_says_nothing_to_neighbours_beyond_the_trail(town: Town) -> None:
    issue = await published(town)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/accept", OFFICER, {"tier": "general", "note": "张某家"}))
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    shown = (await town.get(f"{way}/card", NEIGHBOUR)).body.decode()
    for word in ("张某", FOUR["record"], FOUR["plan"], str(FOUR["responsible_organisation"])):
        assert word not in shown


async def urging(town: Town, issue: Any) -> Any:
    """Why its reporter is told that it cannot be urged now; None when it can."""
    shown = done(await town.get(f"/issues/{issue['id']}", RESIDENT))["allowed_actions"]
    (action,) = [action for action in shown if action["verb"] == "urge"]
    assert action["allowed"] == (action["reason"] is None)
    return action["reason"]


async def test_who_waits_may_urge_once_a_day_after_a_deadline(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, {**FOUR, "deadline": "2099-01-01T00:00:00Z"}))
    done(await town.post(f"{way}/join", NEIGHBOUR))
    for who in (RESIDENT, NEIGHBOUR):
        answer = refused(await town.post(f"{way}/urge", who, {}), 409, "too-early-to-urge")
    assert (await urging(town, issue))["zh"] == answer.json()["title"]
    town.clock.advance(timedelta(days=30))
    assert await urging(town, issue) is None
    before = done(await town.get(way, OFFICER))
    assert done(await town.post(f"{way}/urge", RESIDENT, {"note": "天黑看不见路"}))["urged"] == 1
    assert done(await town.post(f"{way}/urge", NEIGHBOUR, {}))["urged"] == 2
    answer = refused(await town.post(f"{way}/urge", RESIDENT, {}), 429, "urged-today")
    assert (await urging(town, issue))["zh"] == answer.json()["title"]
    refused(await town.post(f"{way}/urge", NEIGHBOUR, {}), 429, "urged-today")
    for reader in (HANDLER, GRID_WORKER, OFFICER):
        refused(await town.post(f"{way}/urge", reader, {}), 403, "not-your-step")
    refused(await town.post(f"{way}/urge", OTHER_HANDLER, {}), 404, "not-found")
    town.clock.advance(timedelta(days=1))
    assert done(await town.post(f"{way}/urge", NEIGHBOUR, {}))["urged"] == 3
    after = done(await town.get(way, OFFICER))
    assert (after["urged"], after["version"]) == (3, before["version"]), "urging outdates nobody's work"
    told = await town.rows(
        "SELECT data FROM outbox WHERE aggregate_id = $1 AND type = 'issues.issue_urged.v1' ORDER BY position",
        issue["id"],
    )
    facts = [json.loads(row["data"]) for row in told]
    assert [(fact["times"], fact["late"]) for fact in facts] == [
        (1, ["T2", "T3"]),
        (2, ["T2", "T3"]),
        (3, ["T2", "T3"]),
    ]
    steps = [step for step in done(await town.get(f"{way}/history", OFFICER))["items"] if step["verb"] == "urge"]
    assert [step["note"] for step in steps] == ["天黑看不见路", None, None]
    done(await town.post(f"{way}/sign", HANDLER))
    done(await town.post(f"{way}/resolve", HANDLER, {"outcome": "solved", "public_reply": "好了"}))
    town.clock.advance(timedelta(days=1))
    refused(await town.post(f"{way}/urge", RESIDENT, {}), 409, "transition-refused")
    refused(await town.post(f"{way}/urge", NEIGHBOUR, {}), 409, "too-early-to-urge")


async def test_an_issue_that_nobody_accepts_in_time_can_be_urged(town: Town) -> None:
    issue = await town.report(RESIDENT)
    assert (await urging(town, issue))["en"] == "No deadline has passed yet"
    town.clock.advance(timedelta(days=1))
    assert await urging(town, issue) is None, "T1 is over, also before anybody looked at it"
    done(await town.post(f"/issues/{issue['id']}/urge", RESIDENT, {}))
    dispute = await town.report(RESIDENT, category="neighbour_quarrel")
    town.clock.advance(timedelta(days=1))
    done(await town.post(f"/issues/{dispute['id']}/urge", RESIDENT, {}))
    refused(await town.post(f"/issues/{dispute['id']}/urge", NEIGHBOUR, {}), 404, "not-found")


async def test_who_filed_for_somebody_without_an_account_urges_for_them(town: Town) -> None:
    proxy: dict[str, Any] = {"proxy": {"consent": "oral"}, "contact": {"name": "张建国"}, "source": "proxy"}
    issue = await town.report(OFFICER, "王奶奶家楼道灯不亮", **proxy)
    known = await town.report(GRID_WORKER, **{**proxy, "proxy": {"consent": "oral", "person_id": str(RESIDENT.person)}})
    town.clock.advance(timedelta(days=1))
    done(await town.post(f"/issues/{issue['id']}/urge", OFFICER, {"note": "老人又来问"}))
    refused(await town.post(f"/issues/{known['id']}/urge", GRID_WORKER, {}), 403, "not-your-step")
    done(await town.post(f"/issues/{known['id']}/urge", RESIDENT, {}))


async def test_thirty_presses_at_once_urge_once(town: Town) -> None:
    issue = await town.report(RESIDENT)
    town.clock.advance(timedelta(days=30))
    path = f"/issues/{issue['id']}/urge"
    answers = await asyncio.gather(*(town.post(path, RESIDENT, {}) for _ in range(30)))
    assert sorted(answer.status for answer in answers) == [200, *[429] * 29]
    assert (await town.published(issue["id"])).count("issue_urged") == 1
