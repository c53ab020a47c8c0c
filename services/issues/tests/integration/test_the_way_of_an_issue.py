"""From the call to the confirmed result, as the people concerned see it over HTTP."""

from datetime import timedelta

from services.issues.tests.builders import (
    BUILDING,
    CHAIR,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OTHER_HANDLER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.town import DEADLINE, Town, done, refused, without_instance
from shared.ids import new_id

FOUR = {"record": "线路老化", "responsible_organisation": str(PROPERTY), "deadline": DEADLINE, "plan": "换线"}
REPLY = {"outcome": "solved", "public_reply": "已换灯头", "quantity": {"kind": "light_repaired", "amount": 1}}


async def test_a_light_is_reported_discussed_assigned_repaired_and_confirmed(town: Town) -> None:
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}"
    assert issue["number"] == "FCC-2026-000001"
    assert (issue["state"], issue["state_label"]["zh"], issue["kind"]) == ("registered", "已登记", "request")
    assert [step["label"]["zh"] for step in issue["trail"] if step["at"]] == ["呼"]

    accepted = done(await town.post(f"{way}/accept", OFFICER, {"tier": "general"}))
    assert accepted["solve_by"] == "2026-12-02T09:30:00Z", "the end of office hours of the seventh day"

    people = [
        {"person_id": str(SECRETARY.person), "seat": "secretary"},
        {"person_id": str(HANDLER.person), "seat": "property_manager"},
    ]
    meeting = done(
        await town.post(
            "/meetings",
            CHAIR,
            {"kind": "roundtable", "starts_at": DEADLINE, "place": "会议室", "participants": people},
        ),
        201,
    )
    assert meeting["missing_seats"] == ["centre_household", "resident_representative"]
    done(await town.post(f"{way}/place-on-agenda", OFFICER, {"meeting_id": meeting["id"]}))

    meeting = done(await town.get(f"/meetings/{meeting['id']}", CHAIR))
    (item,) = meeting["items"]
    table = f"/meetings/{meeting['id']}"
    assert item["lacks"] == ["record", "responsible_organisation", "deadline", "plan"]
    done(await town.post(f"{table}/items/{item['id']}/record", CHAIR, {"record": "居民反映三天未修"}))

    answer = refused(await town.post(f"{table}/close", CHAIR), 409, "meeting-has-open-items")
    lacking = [field.rsplit(".", 1)[1] for field in answer.fields]
    assert lacking == ["responsible_organisation", "deadline", "plan"]

    agreed = {"decision": "assigned", **FOUR}
    del agreed["record"]
    meeting = done(await town.post(f"{table}/items/{item['id']}/decide", CHAIR, agreed))
    assert meeting["items"][0]["lacks"] == []
    assert done(await town.get(way, RESIDENT))["state"] == "on_agenda"
    refused(await town.post(f"{table}/close", CHAIR), 409, "meeting-without-quorum")
    anyway = {"without_quorum_reason": "书记因公外出，电话征得同意"}
    assert done(await town.post(f"{table}/close", CHAIR, anyway))["state"] == "closed"

    measures = done(await town.get(f"{table}/countermeasures", SECRETARY))
    assert measures["final"] is True
    assert [(m["issue_number"], m["responsible_name"], m["measure"]) for m in measures["items"]] == [
        ("FCC-2026-000001", "翡翠物业", "换线")
    ]

    refused(await town.post(f"{way}/sign", OTHER_HANDLER), 404, "not-found")
    assert done(await town.post(f"{way}/sign", HANDLER))["state"] == "in_progress"
    assert done(await town.post(f"{way}/resolve", HANDLER, REPLY))["state"] == "resolved"
    closed = done(await town.post(f"{way}/rate", RESIDENT, {"solved": True, "satisfaction": 5}))
    assert (closed["state"], closed["outcome"]) == ("closed", "solved")
    assert [step["label"]["zh"] for step in closed["trail"] if step["at"]] == ["呼", "议", "应", "为"]
    assert closed["resolution"]["quantity"] == {"kind": "light_repaired", "amount": 1}

    assert await town.published(issue["id"]) == [
        "issue_registered",
        "issue_accepted",
        "issue_placed_on_agenda",
        "issue_assigned",
        "issue_signed",
        "issue_resolved",
        "issue_rated",
        "issue_closed",
    ]
    assert await town.published(meeting["id"]) == ["meeting_convened", "meeting_closed"]
    history = done(await town.get(f"{way}/history", OFFICER))["items"]
    verbs = [entry["verb"] for entry in history]
    assert verbs == ["report", "accept", "place-on-agenda", "assign", "sign", "resolve", "rate"]
    assert [entry["done_by"] for entry in history][:2] == [str(RESIDENT.person), str(OFFICER.person)]
    own = done(await town.get(f"{way}/history", RESIDENT))["items"]
    assert [entry["done_by"] for entry in own] == [str(RESIDENT.person), *[None] * 5, str(RESIDENT.person)]


async def test_not_solved_goes_back_to_the_responsible_organisation(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    done(await town.post(f"{way}/sign", HANDLER))
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    again = done(await town.post(f"{way}/rate", RESIDENT, {"solved": False, "satisfaction": 1, "comment": "还是不亮"}))
    assert (again["state"], again["round"], again["outcome"], again["resolution"]) == ("in_progress", 2, None, None)
    assert again["rating"]["round"] == 1
    done(await town.post(f"{way}/resolve", HANDLER, REPLY))
    assert done(await town.post(f"{way}/rate", RESIDENT, {"solved": True, "satisfaction": 4}))["state"] == "closed"
    assert (await town.published(issue["id"]))[-5:] == [
        "issue_rated",
        "issue_reopened",
        "issue_resolved",
        "issue_rated",
        "issue_closed",
    ]


async def test_every_action_is_allowed_or_refused_with_a_reason(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    shown = {a["verb"]: a for a in done(await town.get(f"/issues/{issue['id']}", OFFICER))["allowed_actions"]}
    assert {verb for verb, action in shown.items() if action["allowed"]} == {
        "change-category",
        "contact",
        "merge",
        "place-on-agenda",
        "assign",
        "whistle",
        "resolve",
        "withdraw",
    }
    assert shown["accept"]["reason"]["zh"] == "诉求处于“已受理”，受理只适用于“已登记”的诉求"
    assert shown["urge"]["reason"] == {"zh": "只有诉求人本人可以催办", "en": "Only the reporter can urge"}
    answer = await town.post(f"/issues/{issue['id']}/accept", OFFICER, {"tier": "danger"})
    assert refused(answer, 409, "transition-refused").json()["detail"] == shown["accept"]["reason"]["zh"]
    answer = await town.post(f"/issues/{issue['id']}/accept", OFFICER, {"tier": "danger"}, accept_language="en")
    assert answer.json()["detail"] == shown["accept"]["reason"]["en"]


async def test_nobody_else_learns_that_an_issue_exists(town: Town) -> None:
    issue = await town.report(RESIDENT)
    missing = str(new_id())
    for who in (NEIGHBOUR, HANDLER):
        real = await town.get(f"/issues/{issue['id']}", who)
        unreal = await town.get(f"/issues/{missing}", who)
        assert (real.status, without_instance(real)) == (404, without_instance(unreal))
    assert done(await town.get("/issues", NEIGHBOUR)) == {"items": [], "next_cursor": None}
    assert [i["id"] for i in done(await town.get("/issues", GRID_WORKER))["items"]] == [issue["id"]]


async def test_an_assignment_needs_an_organisation_of_the_community_and_a_deadline_ahead(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}/assign"
    stranger = {**FOUR, "responsible_organisation": str(new_id())}
    assert "responsible_organisation" in refused(await town.post(way, OFFICER, stranger), 422, "invalid-input").fields
    past = {**FOUR, "deadline": (town.clock.now() - timedelta(seconds=1)).isoformat()}
    assert "deadline" in refused(await town.post(way, OFFICER, past), 422, "invalid-input").fields


async def test_a_place_and_a_category_of_this_community_are_needed(town: Town) -> None:
    body = {"category": "street_light", "place": {"building_id": str(BUILDING)}, "text": "不亮"}
    answer = refused(await town.post("/issues", RESIDENT, {**body, "place": {}}), 422, "invalid-input")
    assert list(answer.fields) == ["place"]
    answer = refused(await town.post("/issues", RESIDENT, {**body, "category": "moon"}), 422, "invalid-input")
    assert list(answer.fields) == ["category"]
    elsewhere = {**body, "place": {"building_id": str(new_id())}}
    assert list(refused(await town.post("/issues", RESIDENT, elsewhere), 422, "invalid-input").fields) == [
        "place.building_id"
    ]
