"""Minutes, proposed topics and agendas over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

from services.issues.tests.builders import (
    BUILDING,
    CENTRE_HOUSEHOLD,
    CHAIR,
    NEIGHBOUR,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.town import DEADLINE, Town, done, refused

PEOPLE = [{"person_id": str(RESIDENT.person), "seat": "resident_representative"}]
ANYWAY = {"without_quorum_reason": "试会"}


async def a_meeting(town: Town, *issues: Any) -> str:
    meeting = await town.meeting(CHAIR, participants=PEOPLE)
    way = f"/meetings/{meeting['id']}"
    if issues:
        done(await town.post(f"{way}/agenda", CHAIR, {"issue_ids": [one["id"] for one in issues]}))
    return way


async def test_two_scribes_at_once_lose_no_text(town: Town) -> None:
    way = await a_meeting(town)
    section = f"{way}/minutes/{way.rsplit('/', maxsplit=1)[-1]}"
    answers = await asyncio.gather(
        *(town.post(section, who, {"text": f"{n}的记录"}) for n, who in enumerate((CHAIR, OFFICER, SECRETARY)))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412]
    (won,) = [answer.json() for answer in answers if answer.status == 200]
    for lost in [answer for answer in answers if answer.status == 412]:
        assert lost.slug == "minutes-moved"
        assert (lost.json()["current"]["text"], lost.json()["current"]["version"]) == (won["text"], 1)
    merged = done(await town.post(section, OFFICER, {"text": "合并"}, if_match="1"))
    assert merged["version"] == 2
    assert done(await town.get(f"{way}/minutes", RESIDENT))["sections"][0]["text"] == "合并"
    versions = done(await town.get(f"{section}/versions", CHAIR))["items"]
    assert len(versions) in (1, 2)
    refused(await town.post(section, RESIDENT, {"text": "x"}), 403, "forbidden")
    refused(await town.post(f"{way}/minutes/{BUILDING}", CHAIR, {"text": "x"}), 404, "not-found")


async def test_autosave_is_idempotent(town: Town) -> None:
    way = await a_meeting(town)
    section = f"{way}/minutes/{way.rsplit('/', maxsplit=1)[-1]}"
    for key in ("autosave-1", "autosave-1", "autosave-2"):
        assert done(await town.post(section, CHAIR, {"text": "同样的文字"}, key=key))["version"] == 1


async def test_published_minutes_are_read_by_everybody_and_name_nobody(town: Town) -> None:
    light = await town.accepted(RESIDENT, OFFICER)
    quarrel = await town.accepted(RESIDENT, OFFICER, kind="dispute", text="楼上噪音")
    way = await a_meeting(town, light, quarrel)
    first, second = done(await town.get(way, CHAIR))["items"]
    four = {
        "decision": "assigned",
        "record": "张三反映，电话13800008000",
        "responsible_organisation": str(PROPERTY),
        "deadline": DEADLINE,
        "plan": "联系13800008000后换线",
    }
    done(await town.post(f"{way}/items/{first['id']}/decide", CHAIR, four))
    reply = {"decision": "resolved", "outcome": "solved", "public_reply": "双方和解"}
    done(await town.post(f"{way}/items/{second['id']}/decide", CHAIR, reply))
    refused(await town.post(f"{way}/sign-minutes", CHAIR, {}), 409, "minutes-not-ready")
    done(await town.post(f"{way}/close", CHAIR, ANYWAY))
    refused(await town.get(f"{way}/public-minutes", NEIGHBOUR), 404, "not-found")
    done(await town.post(f"{way}/sign-minutes", CHAIR, {}))
    answer = await town.post(f"{way}/publish-minutes", CHAIR, {"summary": "有事打13800008000"})
    assert (answer.status, list(answer.fields)) == (422, ["summary"])
    done(await town.post(f"{way}/publish-minutes", CHAIR, {"summary": "本周议定一件实事"}))
    shown = await town.get(f"{way}/public-minutes", NEIGHBOUR)
    view = done(shown)
    assert (view["not_public"], len(view["items"])) == (1, 1)
    assert view["items"][0]["responsible_name"] == "翡翠物业"
    text = shown.body.decode()
    assert "138" not in text
    assert "张三" not in text
    assert "噪音" not in text
    assert str(RESIDENT.person) not in text
    listed = done(await town.get("/meetings/published-minutes", NEIGHBOUR))["items"]
    assert [one["meeting_id"] for one in listed] == [view["meeting_id"]]
    refused(await town.get(way, NEIGHBOUR), 404, "not-found")


async def test_unpublished_minutes_are_called_for_and_turn_red(town: Town) -> None:
    way = await a_meeting(town)
    done(await town.post(f"{way}/close", CHAIR, ANYWAY))
    town.clock.advance(timedelta(days=3, minutes=1))
    await town.ring()
    assert [one["minutes_red"] for one in done(await town.get("/meetings", CHAIR, red="due"))["items"]] == ["due"]
    town.clock.advance(timedelta(days=4))
    await town.ring()
    await town.ring()
    assert len(done(await town.get("/meetings", CHAIR, red="overdue"))["items"]) == 1
    published = await town.published(way.rsplit("/", maxsplit=1)[-1])
    assert [one for one in published if one.startswith("minutes")] == ["minutes_due", "minutes_overdue"]


async def test_what_is_said_at_the_table_is_on_record_at_once(town: Town) -> None:
    way = await a_meeting(town)
    body = {
        "category": "street_light",
        "place": {"building_id": str(BUILDING)},
        "text": "替邻居说：门口路灯不亮",
        "proxy": {"person_id": str(NEIGHBOUR.person), "consent": "oral"},
    }
    key = "said-once"
    issue = done(await town.post(f"{way}/issues", CHAIR, body, key=key), 201)
    assert done(await town.post(f"{way}/issues", CHAIR, body, key=key), 201)["id"] == issue["id"]
    assert (issue["number"], issue["source"], issue["state"]) == ("FCC-2026-000001", "meeting", "on_agenda")
    assert len(done(await town.get(way, CHAIR))["items"]) == 1
    assert done(await town.get(f"/issues/{issue['id']}", NEIGHBOUR))["state"] == "on_agenda"
    done(
        await town.post(
            f"{way}/items/{done(await town.get(way, CHAIR))['items'][0]['id']}/record", CHAIR, {"record": "记"}
        )
    )
    refused(await town.post(f"{way}/issues", RESIDENT, body), 403, "forbidden")


async def test_the_agenda_is_built_from_what_is_overdue_repeated_and_unresolved(town: Town) -> None:
    overdue = await town.accepted(RESIDENT, OFFICER)
    town.clock.advance(timedelta(days=10))
    repeated = await town.accepted(NEIGHBOUR, OFFICER)
    quarrel = await town.accepted(RESIDENT, OFFICER, kind="dispute", text="楼上噪音", place={"text": "3号楼"})
    way = await a_meeting(town)

    async def suggested(who: Any, **asked: Any) -> dict[str, list[str]]:
        found = done(await town.get(f"{way}/agenda-suggestions", who, **asked))["items"]
        return {one["issue_id"]: [why["code"] for why in one["why"]] for one in found}

    everything = await suggested(CHAIR)
    assert next(iter(everything)) == overdue["id"]
    assert everything[overdue["id"]] == ["overdue", "unresolved"]
    assert everything[repeated["id"]] == ["repeated", "unresolved"]
    assert list(await suggested(CHAIR, why="overdue")) == [overdue["id"]]
    assert list(await suggested(CHAIR, why="repeated")) == [repeated["id"]]
    assert quarrel["id"] not in await suggested(CENTRE_HOUSEHOLD)
    page = done(await town.get(f"{way}/agenda-suggestions", CHAIR, limit=1))
    assert list(await suggested(CHAIR, limit=1, cursor=page["next_cursor"])) == [list(everything)[1]]
    done(await town.post(f"{way}/agenda", CENTRE_HOUSEHOLD, {"issue_ids": [overdue["id"], repeated["id"]]}))
    items = done(await town.get(way, CHAIR))["items"]
    assert [one["issue_id"] for one in items] == [overdue["id"], repeated["id"]]
    turned = [one["id"] for one in reversed(items)]
    assert [one["id"] for one in done(await town.post(f"{way}/reorder", CHAIR, {"order": turned}))["items"]] == turned
    assert overdue["id"] not in await suggested(CHAIR)
    again = await town.post(f"{way}/agenda", CHAIR, {"issue_ids": [quarrel["id"], overdue["id"]]})
    assert (again.status, list(again.fields)) == (409, ["issue_ids[1]"])
    assert len(done(await town.get(way, CHAIR))["items"]) == 2


async def test_a_topic_from_proposal_to_adopted_idea(town: Town) -> None:
    way = await a_meeting(town)
    topic = done(await town.post(f"{way}/proposals", RESIDENT, {"title": "工具角", "text": "设一个共享工具角"}), 201)
    other = done(await town.post(f"{way}/proposals", SECRETARY, {"title": "微集市", "text": "每月一次"}), 201)
    assert len(done(await town.get(f"{way}/proposals", RESIDENT))["items"]) == 1
    assert len(done(await town.get(f"{way}/proposals", CHAIR))["items"]) == 2
    refused(await town.post(f"{way}/proposals", NEIGHBOUR, {"title": "x", "text": "y"}), 404, "not-found")
    accepted = done(
        await town.post(f"{way}/proposals/{topic['id']}/accept", CHAIR, {"category": "other"}, if_match="1")
    )
    refused(await town.post(f"{way}/proposals/{topic['id']}/decline", CHAIR, {"reason": "x"}), 409, "proposal-decided")
    declined = done(await town.post(f"{way}/proposals/{other['id']}/decline", CHAIR, {"reason": "上月已议"}))
    assert declined["reason"] == "上月已议"
    item = done(await town.get(way, CHAIR))["items"][0]
    light = await town.report(RESIDENT)
    adopted = {
        "decision": "adopted",
        "public_reply": "采纳，下月试行",
        "links": [{"kind": "issue", "id": light["id"]}],
    }
    view = done(await town.post(f"{way}/items/{item['id']}/decide", CHAIR, adopted))
    assert (view["items"][0]["decision"], view["items"][0]["links"]) == ("adopted", adopted["links"])
    issue = done(await town.get(f"/issues/{accepted['issue_id']}", RESIDENT))
    assert (issue["kind"], issue["outcome"], issue["resolution"]["public_reply"]) == (
        "proposal",
        "adopted",
        "采纳，下月试行",
    )
    done(await town.post(f"{way}/close", CHAIR, ANYWAY))


async def test_countermeasures_follow_their_issues_after_the_meeting(town: Town) -> None:
    light = await town.accepted(RESIDENT, OFFICER)
    way = await a_meeting(town, light)
    item = done(await town.get(way, CHAIR))["items"][0]
    four = {
        "decision": "assigned",
        "record": "记",
        "responsible_organisation": str(PROPERTY),
        "deadline": DEADLINE,
        "plan": "换",
    }
    done(await town.post(f"{way}/items/{item['id']}/decide", CHAIR, four))
    done(await town.post(f"{way}/close", CHAIR, ANYWAY))
    line = done(await town.get(f"{way}/countermeasures", CHAIR))["items"][0]
    assert (line["issue_state"], line["overdue"]) == ("assigned", False)
    town.clock.advance(timedelta(days=4))
    line = done(await town.get(f"{way}/countermeasures", CHAIR))["items"][0]
    assert (line["issue_state"], line["overdue"]) == ("assigned", True)
