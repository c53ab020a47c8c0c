"""Patrols over HTTP, as those who walk them and the office see them."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.issues.tests.builders import (
    BUILDING,
    COMPOUND,
    GRID,
    GRID_WORKER,
    HANDLER,
    OFFICER,
    OTHER_GRID,
    RESIDENT,
    SECRETARY,
)
from services.issues.tests.integration.town import Town, done, refused
from shared.ids import new_id

PLACE = {"building_id": str(BUILDING), "text": "一单元楼道"}


async def planned(town: Town, **more: Any) -> Any:
    body = {
        "kind": "patrol",
        "starts_at": (town.clock.now() + timedelta(days=1)).isoformat(),
        "grids": [str(GRID), str(OTHER_GRID)],
        "participants": [str(GRID_WORKER.person), str(RESIDENT.person)],
        **more,
    }
    return done(await town.post("/patrols", OFFICER, body), 201)


async def test_a_hazard_found_on_a_patrol_becomes_an_issue_in_one_step(town: Town) -> None:
    patrol = await planned(town)
    way = f"/patrols/{patrol['id']}"
    done(await town.post(f"{way}/start", RESIDENT))
    hazard = {"kind": "hazard", "category": "fire_safety", "place": PLACE, "text": "杂物堵住消防通道"}
    found = done(await town.post(f"{way}/findings", RESIDENT, hazard), 201)
    issue = done(await town.get(f"/issues/{found['issue_id']}", OFFICER))
    assert (issue["source"], issue["kind"], issue["severity"]) == ("patrol", "hazard", "danger")
    assert issue["number"] == "FCC-2026-000001"
    done(await town.post(f"{way}/trifles", GRID_WORKER, {"category": "environment"}), 201)
    noted = done(await town.post(f"{way}/findings", GRID_WORKER, {**hazard, "raise_issue": False}), 201)
    assert noted["issue_id"] is None

    raised = await asyncio.gather(*(town.post(f"{way}/findings/{noted['id']}/raise", GRID_WORKER) for _ in range(5)))
    assert sorted(answer.status for answer in raised) == [200, 409, 409, 409, 409]
    assert len(done(await town.get("/issues", OFFICER))["items"]) == 2

    for grid in (GRID, OTHER_GRID):
        done(await town.post(f"{way}/visit", GRID_WORKER, {"grid_id": str(grid)}))
    assert done(await town.post(f"{way}/finish", GRID_WORKER))["state"] == "done"
    assert [f["kind"] for f in done(await town.get(f"{way}/findings", SECRETARY))["items"]] == [
        "hazard",
        "trifle",
        "hazard",
    ]
    day = "2026-11-25"
    figures = done(await town.get("/patrols/figures", SECRETARY, **{"from": day, "to": "2026-11-26"}))
    assert {k: v for k, v in figures.items() if k not in ("from_day", "to_day")} == {
        "held": 1,
        "missed": 0,
        "person_times": 2,
        "persons": 2,
        "hazards": 2,
        "problems": 0,
        "trifles": 1,
        "raised": 2,
    }
    assert (await town.published(patrol["id"]))[0] == "patrol_planned"
    assert (await town.published(patrol["id"]))[-1] == "patrol_finished"


@pytest.mark.parametrize("at_once", [True, False])
async def test_an_issue_lies_exactly_where_it_was_found(town: Town, at_once: bool) -> None:
    way = f"/patrols/{done(await town.post('/patrols/rounds', GRID_WORKER), 201)['id']}"
    exact = {"building_id": str(BUILDING), "unit": "2单元", "floor": 11, "text": "楼道", "grid_id": None}
    exact["compound_id"] = None
    for place, known in (
        (exact, {**exact, "compound_id": str(COMPOUND), "grid_id": str(GRID)}),
        ({"grid_id": str(OTHER_GRID)}, {"grid_id": str(OTHER_GRID), "building_id": None, "text": None}),
        ({"compound_id": str(COMPOUND)}, {"compound_id": str(COMPOUND), "text": None}),
    ):
        body = {"category": "rubbish", "place": place, "text": "堆物", "raise_issue": at_once}
        found = done(await town.post(f"{way}/findings", GRID_WORKER, body), 201)
        if not at_once:
            found = done(await town.post(f"{way}/findings/{found['id']}/raise", OFFICER))
        issue = done(await town.get(f"/issues/{found['issue_id']}", OFFICER))
        assert issue["place"] == found["place"] == {**issue["place"], **known}
        assert (issue["reported_by"], issue["source"]) == (str(GRID_WORKER.person), "patrol")
    for place, field in (
        ({"building_id": str(BUILDING), "grid_id": str(OTHER_GRID)}, "place.grid_id"),
        ({"compound_id": str(new_id())}, "place.compound_id"),
        ({"text": "楼道", "floor": 3}, "place.building_id"),
    ):
        answer = await town.post(f"{way}/trifles", GRID_WORKER, {"category": "rubbish", "place": place})
        assert (answer.status, list(answer.fields)) == (422, [field])


async def test_what_somebody_found_who_has_left_is_raised_by_others(town: Town) -> None:
    patrol = await planned(town)
    way = f"/patrols/{patrol['id']}"
    done(await town.post(f"{way}/start", RESIDENT))
    body = {"category": "rubbish", "place": PLACE, "text": "堆物", "raise_issue": False}
    found = done(await town.post(f"{way}/findings", RESIDENT, body), 201)
    await town.rows(
        "UPDATE memberships SET ended_at = now() WHERE community = $1 AND person_id = $2",
        town.community,
        RESIDENT.person,
    )
    raised = done(await town.post(f"{way}/findings/{found['id']}/raise", OFFICER))
    issue = done(await town.get(f"/issues/{raised['issue_id']}", OFFICER))
    assert (issue["reported_by"], issue["filing"]["filed_by"]) == (None, str(OFFICER.person))


async def test_a_grid_workers_round_is_one_tap(town: Town) -> None:
    round_ = done(await town.post("/patrols/rounds", GRID_WORKER), 201)
    assert (round_["kind"], round_["state"], len(round_["route"])) == ("round", "walking", 2)
    refused(await town.post(f"/patrols/{round_['id']}/finish", GRID_WORKER), 422, "stops-left-out")
    refused(await town.post("/patrols/rounds", RESIDENT), 403, "forbidden")
    mine = done(await town.get("/patrols", GRID_WORKER, participant="me", kind="round", grid_id=str(GRID)))["items"]
    assert [one["id"] for one in mine] == [round_["id"]]


async def test_others_do_not_learn_of_a_patrol(town: Town) -> None:
    patrol = await planned(town)
    refused(await town.get(f"/patrols/{patrol['id']}", HANDLER), 404, "not-found")
    assert done(await town.get("/patrols", HANDLER))["items"] == []
    assert [one["id"] for one in done(await town.get("/patrols", RESIDENT))["items"]] == [patrol["id"]]


async def test_a_wrong_plan_changes_nothing_and_says_what_is_wrong(town: Town) -> None:
    body = {"kind": "patrol", "starts_at": "2099-01-01T00:00:00Z", "participants": [str(OFFICER.person)]}
    answer = refused(await town.post("/patrols", OFFICER, {**body, "grids": [str(new_id())]}), 422, "invalid-input")
    assert list(answer.fields) == ["grids[0]"]
    answer = await town.post("/patrols", OFFICER, {**body, "grids": [str(GRID), str(GRID)]})
    assert refused(answer, 422, "invalid-input")
    past = {**body, "starts_at": "2020-01-01T00:00:00Z", "grids": [str(GRID)]}
    assert list(refused(await town.post("/patrols", OFFICER, past), 422, "invalid-input").fields) == ["starts_at"]
    foreign = {**body, "grids": [str(GRID)], "meeting_id": str(new_id())}
    refused(await town.post("/patrols", OFFICER, foreign), 404, "not-found")
    refused(
        await town.get("/patrols/figures", OFFICER, **{"from": "2026-01-02", "to": "2026-01-01"}),
        422,
        "period-too-long",
    )
    assert done(await town.get("/patrols", OFFICER))["items"] == []


async def test_a_patrol_whose_day_went_by_is_missed_and_told_once(town: Town) -> None:
    patrol = await planned(town)
    town.clock.advance(timedelta(days=3))
    await town.ring()
    await town.ring()
    assert done(await town.get(f"/patrols/{patrol['id']}", OFFICER))["state"] == "missed"
    assert await town.published(patrol["id"]) == ["patrol_planned", "patrol_missed"]
