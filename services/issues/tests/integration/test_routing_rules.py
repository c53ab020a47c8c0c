"""Routing rules over HTTP: versions that stay readable, a suggestion with its reason, and what differs from it."""

import asyncio
from datetime import timedelta
from typing import Any

from services.issues.consumers import remember_a_building, remember_a_compound, remember_a_grid
from services.issues.tests.builders import (
    ADMIN,
    BUILDING,
    CHAIR,
    HANDLER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    SUBDISTRICT,
    UNIT,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused
from shared.contracts.gateway import BuildingAdded, CompoundAdded, GridDrawn
from shared.ids import new_id

GRID, COMPOUND = new_id(), new_id()
LIGHTS = {"organisation": str(UNIT), "category": "street_light", "grid_id": str(GRID)}


async def draw(town: Town) -> None:
    """The building of the builders lies in this grid and compound."""
    await town.tell(remember_a_grid, GridDrawn(grid_id=GRID, name="第一网格"))
    await town.tell(remember_a_compound, CompoundAdded(compound_id=COMPOUND, name="翡翠城一期"))
    moved = BuildingAdded(building_id=BUILDING, compound_id=COMPOUND, grid_id=GRID, name="12号楼")
    await town.tell(remember_a_building, moved)


def version(*rules: Any, **more: Any) -> dict[str, Any]:
    return {"rules": list(rules), "basis": "社区党委会议纪要", **more}


async def test_versions_stay_readable_and_the_newest_whose_date_has_come_is_in_force(town: Town) -> None:
    await draw(town)
    assert done(await town.get("/routing-rules", OFFICER))["version"] == 0
    first = done(await town.post("/routing-rules", ADMIN, version(LIGHTS), if_match="0"))
    assert (first["version"], first["rules"], first["dry_run"]) == (1, 1, False)
    later = (NOW + timedelta(days=7)).isoformat()
    done(await town.post("/routing-rules", ADMIN, version(effective_from=later), if_match="1"))
    assert done(await town.get("/routing-rules", OFFICER))["version"] == 1
    town.clock.advance(timedelta(days=7))
    assert done(await town.get("/routing-rules", OFFICER)) == done(await town.get("/routing-rules/2", OFFICER))
    old = done(await town.get("/routing-rules/1", OFFICER))
    assert [(rule["scope"], rule["category"], rule["organisation"]) for rule in old["rules"]] == [
        ("grid", "street_light", str(UNIT))
    ]
    assert (old["basis"], old["published_by"]) == ("社区党委会议纪要", str(ADMIN.person))
    page = done(await town.get("/routing-rules/versions", OFFICER, limit=1))
    assert [item["version"] for item in page["items"]] == [2]
    rest = done(await town.get("/routing-rules/versions", OFFICER, limit=1, cursor=page["next_cursor"]))
    assert ([item["version"] for item in rest["items"]], rest["next_cursor"]) == ([1], None)
    refused(await town.get("/routing-rules/3", OFFICER), 404, "not-found")
    refused(await town.get("/routing-rules/0", OFFICER), 422, "invalid-input")
    refused(await town.post("/routing-rules", ADMIN, version(), if_match="1"), 412, "version-mismatch")
    refused(await town.get("/routing-rules", NEIGHBOUR), 403, "forbidden")
    refused(await town.post("/routing-rules", HANDLER, version()), 403, "forbidden")


async def test_an_issue_says_which_unit_is_suggested_and_why(town: Town) -> None:
    await draw(town)
    issue = await town.report(RESIDENT)
    way = f"/issues/{issue['id']}/routing"
    found = done(await town.get(way, OFFICER))
    assert (found["suggestion"]["organisation"], found["suggestion"]["ground"]) == (str(PROPERTY), "default")
    assert found["chosen"] is None
    done(await town.post("/routing-rules", ADMIN, version({"organisation": str(PROPERTY)}, LIGHTS)))
    told = done(await town.get(way, OFFICER))["suggestion"]
    assert (told["organisation"], told["ground"], told["version"], told["rule"]["position"]) == (
        str(UNIT),
        "rule",
        1,
        2,
    )
    assert told["reason"]["zh"] == "第 1 版派单规则第 2 条：网格 × 路灯不亮"
    assert [(one["category"], one["scope"], one["found"]) for one in told["tried"]] == [("street_light", "grid", True)]
    elsewhere = await town.report(RESIDENT, place={"text": "北门"}, category="gas_supply")
    told = done(await town.get(f"/issues/{elsewhere['id']}/routing", OFFICER))["suggestion"]
    assert (told["organisation"], told["rule"]["position"]) == (str(PROPERTY), 1)
    assert [one["category"] for one in told["tried"]] == ["gas_supply", "utilities", None]
    refused(await town.get(way, NEIGHBOUR), 403, "forbidden")
    refused(await town.get(way, HANDLER), 404, "not-found")


async def test_whoever_publishes_or_assigns_reads_the_rules_and_why(town: Town) -> None:
    await draw(town)
    issue = await town.report(RESIDENT)
    done(await town.post("/routing-rules", ADMIN, version(LIGHTS), if_match="0"))
    for who in (ADMIN, CHAIR, OFFICER, SECRETARY):
        assert done(await town.get("/routing-rules", who))["version"] == 1
        assert done(await town.get(f"/issues/{issue['id']}/routing", who))["suggestion"]["ground"] == "rule"
    refused(await town.get(f"/issues/{issue['id']}/routing", SUBDISTRICT), 404, "not-found")
    await town.rows("UPDATE issues SET brought_up = 'overdue' WHERE community = $1", town.community)
    assert done(await town.get(f"/issues/{issue['id']}/routing", SUBDISTRICT))["suggestion"]["ground"] == "rule"


async def test_a_dry_run_tells_what_would_change_for_open_issues(town: Town) -> None:
    await draw(town)
    for _ in range(2):
        await town.report(RESIDENT)
    await town.report(RESIDENT, category="noise")
    told = done(await town.post("/routing-rules", ADMIN, version(LIGHTS, dry_run=True)))
    assert (told["version"], told["changed_issues"], told["unchanged_issues"]) == (1, 2, 1)
    (change,) = told["changes"]
    assert (change["issues"], change["before"], change["after"]) == (2, str(PROPERTY), str(UNIT))
    assert done(await town.get("/routing-rules/versions", OFFICER))["items"] == []
    assert "routing_rules_published" not in await town.published()


async def test_rules_about_what_is_not_there_are_named_one_by_one(town: Town) -> None:
    unknown = str(new_id())
    bad = [
        {"organisation": unknown},
        {"organisation": str(UNIT), "category": "moon"},
        {"organisation": str(UNIT), "grid_id": unknown},
        {"organisation": str(UNIT), "compound_id": unknown},
    ]
    answer = refused(await town.post("/routing-rules", ADMIN, version(*bad)), 422, "routing-rules-refused")
    assert sorted(answer.fields) == [
        "rules[0].organisation",
        "rules[1].category",
        "rules[2].grid_id",
        "rules[3].compound_id",
    ]
    twice = version({"organisation": str(UNIT)}, {"organisation": str(PROPERTY)})
    assert list(refused(await town.post("/routing-rules", ADMIN, twice), 422, "routing-rules-refused").fields) == [
        "rules[1]"
    ]
    past = version(effective_from=(NOW - timedelta(seconds=1)).isoformat())
    assert list(refused(await town.post("/routing-rules", ADMIN, past), 422, "invalid-input").fields) == [
        "effective_from"
    ]
    many = version(*[{"organisation": str(UNIT)}] * 1001)
    assert list(refused(await town.post("/routing-rules", ADMIN, many), 422, "invalid-input").fields) == ["rules"]


async def test_two_officers_publish_at_once_and_one_is_told(town: Town) -> None:
    await draw(town)
    both = [version({"organisation": str(one)}) for one in (UNIT, PROPERTY)]
    answers = await asyncio.gather(
        *(
            town.post("/routing-rules", who, body, if_match="0")
            for who, body in zip((OFFICER, ADMIN), both, strict=True)
        )
    )
    assert sorted(answer.status for answer in answers) in ([200, 409], [200, 412])
    won = both[[answer.status for answer in answers].index(200)]
    assert [r["organisation"] for r in done(await town.get("/routing-rules", OFFICER))["rules"]] == [
        won["rules"][0]["organisation"]
    ]
    crowd = await asyncio.gather(*(town.post("/routing-rules", ADMIN, both[0]) for _ in range(8)))
    taken = [answer.json()["version"] for answer in crowd if answer.status == 200]
    assert {answer.status for answer in crowd} <= {200, 409}
    assert sorted(taken) == list(range(2, 2 + len(taken))), "no version twice, none left out"


async def test_another_community_has_rules_of_its_own(town: Town) -> None:
    await draw(town)
    done(await town.post("/routing-rules", ADMIN, version(LIGHTS)))
    elsewhere = Town(town.app, town.database, town.clock)
    await elsewhere.found()
    assert done(await elsewhere.get("/routing-rules", OFFICER))["version"] == 0
    refused(await elsewhere.get("/routing-rules/1", OFFICER), 404, "not-found")
    refused(await elsewhere.post("/routing-rules", ADMIN, version(LIGHTS)), 422, "routing-rules-refused")


async def test_assigning_to_another_unit_than_a_rule_suggests_needs_a_reason_which_is_kept(town: Town) -> None:
    await draw(town)
    done(await town.post("/routing-rules", ADMIN, version(LIGHTS)))
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    shown = done(await town.get(way, OFFICER))["suggestion"]
    assert (shown["organisation"], shown["reason"]["zh"]) == (str(UNIT), "第 1 版派单规则第 1 条：网格 × 路灯不亮")
    assert done(await town.get(way, RESIDENT))["suggestion"] is None
    answer = refused(await town.post(f"{way}/assign", OFFICER, FOUR), 422, "reason-needed")
    assert list(answer.fields) == ["other_unit_reason"]
    done(await town.post(f"{way}/assign", OFFICER, {**FOUR, "other_unit_reason": "供电所称不属其设备"}))
    chosen = done(await town.get(f"{way}/routing", OFFICER))["chosen"]
    assert chosen == {
        "organisation": str(PROPERTY),
        "suggested": str(UNIT),
        "rules_version": 1,
        "differs": True,
        "reason": "供电所称不属其设备",
    }
    done(await town.post("/routing-rules", ADMIN, version()))
    assert done(await town.get(f"{way}/routing", OFFICER))["chosen"] == chosen, "what was known then stays"
    assert done(await town.get(way, OFFICER))["suggestion"] is None


async def test_a_default_is_only_a_guess_and_differing_from_it_needs_no_reason(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/assign", OFFICER, {**FOUR, "responsible_organisation": str(UNIT)}))
    chosen = done(await town.get(f"{way}/routing", OFFICER))["chosen"]
    assert (chosen["suggested"], chosen["differs"], chosen["reason"]) == (str(PROPERTY), True, None)


async def test_what_a_meeting_decides_is_its_own_reason(town: Town) -> None:
    await draw(town)
    done(await town.post("/routing-rules", ADMIN, version(LIGHTS)))
    issue = await town.accepted(RESIDENT, OFFICER)
    meeting = await town.meeting(CHAIR)
    done(await town.post(f"/issues/{issue['id']}/place-on-agenda", OFFICER, {"meeting_id": meeting["id"]}))
    (item,) = done(await town.get(f"/meetings/{meeting['id']}", CHAIR))["items"]
    agreed = {"decision": "assigned", **FOUR}
    done(await town.post(f"/meetings/{meeting['id']}/items/{item['id']}/decide", CHAIR, agreed))
    done(await town.post(f"/meetings/{meeting['id']}/close", CHAIR))
    chosen = done(await town.get(f"/issues/{issue['id']}/routing", OFFICER))["chosen"]
    assert (chosen["differs"], chosen["reason"].split()[0]) == (True, "会议议定")


async def test_what_happens_again_at_the_same_place_is_marked_with_the_earlier_one(town: Town) -> None:
    first = await town.accepted(RESIDENT, OFFICER)
    assert first["repeat_of"] is None
    other = await town.accepted(RESIDENT, OFFICER, category="noise")
    withdrawn = await town.report(RESIDENT)
    done(await town.post(f"/issues/{withdrawn['id']}/withdraw", RESIDENT, {}))
    town.clock.advance(timedelta(days=89))
    again = await town.accepted(RESIDENT, OFFICER)
    assert (again["repeat_of"], other["repeat_of"]) == (first["id"], None)
    assert (await town.published(again["id"]))[-1] == "issue_found_repeated"
    steps = done(await town.get(f"/issues/{again['id']}/history", OFFICER))["items"]
    assert (steps[-1]["verb"], steps[-1]["details"]) == ("mark-repeated", {"earlier": first["id"], "times": 2})
    before = done(await town.get(f"/issues/{again['id']}/earlier", OFFICER))["items"]
    assert [one["id"] for one in before] == [first["id"]]
    assert done(await town.get(f"/issues/{first['id']}/earlier", OFFICER))["items"] == []
    refused(await town.get(f"/issues/{again['id']}/earlier", NEIGHBOUR), 404, "not-found")
    town.clock.advance(timedelta(days=91))
    assert (await town.accepted(RESIDENT, OFFICER))["repeat_of"] is None
    words_only = await town.report(RESIDENT, place={"text": "北门"})
    assert (
        done(await town.post(f"/issues/{words_only['id']}/accept", OFFICER, {"tier": "general"}))["repeat_of"] is None
    )
