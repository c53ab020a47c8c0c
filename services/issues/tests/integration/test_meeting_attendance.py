"""Roster, quorum and attendance over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

from services.issues.consumers import remember_a_grid
from services.issues.tests.builders import CHAIR, HANDLER, NEIGHBOUR, OFFICER, RESIDENT, SECRETARY
from services.issues.tests.integration.town import Town, done, refused
from shared.contracts.gateway import GridDrawn
from shared.ids import new_id
from shared.principal import Principal

TODAY = "2026-11-25"


async def seated(town: Town, who: Principal, seat: str, **more: Any) -> Any:
    body = {"kind": "roundtable", "seat": seat, "person_id": str(who.person), "since": TODAY, **more}
    return done(await town.post("/meeting-roster", OFFICER, body), 201)


async def soon(town: Town, *people: Any) -> str:
    body = {
        "kind": "roundtable",
        "starts_at": (town.clock.now() + timedelta(hours=1)).isoformat(),
        "place": "会议室",
        "participants": list(people),
    }
    meeting = done(await town.post("/meetings", CHAIR, body), 201)
    return f"/meetings/{meeting['id']}"


async def test_the_roster_is_kept_by_the_office_and_read_by_day(town: Town) -> None:
    entry = await seated(town, SECRETARY, "secretary")
    await seated(town, HANDLER, "property_manager", since="2027-01-01")
    on_the_day = done(await town.get("/meeting-roster", CHAIR, kind="roundtable", on=TODAY))["items"]
    assert [(one["seat_label"]["zh"], one["person_id"]) for one in on_the_day] == [
        ("社区党委书记", str(SECRETARY.person))
    ]
    assert len(done(await town.get("/meeting-roster", CHAIR))["items"]) == 2
    refused(await town.get("/meeting-roster", RESIDENT), 403, "forbidden")
    refused(
        await town.post(f"/meeting-roster/{entry['id']}/leave", OFFICER, {"until": TODAY}, if_match="9"),
        412,
        "version-mismatch",
    )
    left = done(await town.post(f"/meeting-roster/{entry['id']}/leave", OFFICER, {"until": TODAY}, if_match="1"))
    assert (left["until"], left["version"]) == (TODAY, 2)


async def test_two_officers_seat_the_same_person_once(town: Town) -> None:
    body = {"kind": "roundtable", "seat": "secretary", "person_id": str(SECRETARY.person), "since": TODAY}
    answers = await asyncio.gather(*(town.post("/meeting-roster", OFFICER, body) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


async def test_a_meeting_from_invitation_to_quorum(town: Town) -> None:
    await seated(town, SECRETARY, "secretary")
    await seated(town, HANDLER, "property_manager")
    await seated(town, RESIDENT, "resident_representative")
    way = await soon(town)
    shown = done(await town.get(way, SECRETARY))
    assert len(shown["participants"]) == 3
    assert shown["missing_seats"] == ["centre_household"]
    refused(await town.get(f"{way}/attendance-code", RESIDENT), 403, "forbidden")
    screen = done(await town.get(f"{way}/attendance-code", CHAIR))
    assert screen["svg"].startswith("<svg")
    scan = {"code": screen["code"]}
    done(await town.post(f"{way}/attend", RESIDENT, scan))
    done(await town.post(f"{way}/attend", RESIDENT, scan))
    done(await town.post(f"{way}/attend", NEIGHBOUR, scan))
    done(await town.get(way, NEIGHBOUR))
    sheet = done(await town.get(f"{way}/attendance", CHAIR))
    assert sheet["quorum"] == {"invited": 3, "attended": 1, "needed": 2, "reached": False}
    assert (sheet["guests"], sheet["missing_seats"]) == (1, ["secretary", "property_manager", "centre_household"])
    refused(await town.post(f"{way}/close", CHAIR), 409, "meeting-without-quorum")
    done(await town.post(f"{way}/attendance", CHAIR, {"person_id": str(SECRETARY.person), "presence": "late"}))
    closed = done(await town.post(f"{way}/close", CHAIR))
    assert closed["quorum"] == {"invited": 3, "attended": 2, "needed": 2, "reached": True}
    refused(await town.get(f"{way}/attendance-code", CHAIR), 409, "meeting-already-closed")
    done(await town.post("/meeting-rules", SECRETARY, {"kind": "roundtable", "over_percent": 90}))
    assert done(await town.get(f"{way}/attendance", CHAIR))["quorum"]["needed"] == 2
    assert [one["over_percent"] for one in done(await town.get("/meeting-rules", RESIDENT))["items"]] == [90, 50, 50]


async def test_one_who_scans_twice_at_once_attends_once(town: Town) -> None:
    way = await soon(town, {"person_id": str(RESIDENT.person), "seat": "resident_representative"})
    scan = {"code": done(await town.get(f"{way}/attendance-code", CHAIR))["code"]}
    answers = await asyncio.gather(*(town.post(f"{way}/attend", RESIDENT, scan) for _ in range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    assert (await town.published(way.rsplit("/", 1)[1])).count("meeting_attended") == 1


async def test_person_times_and_persons_are_counted_apart(town: Town) -> None:
    people = [{"person_id": str(RESIDENT.person), "seat": "resident_representative"}]
    for who in ((RESIDENT, SECRETARY), (RESIDENT,)):
        way = await soon(town, *people)
        for one in who:
            done(await town.post(f"{way}/attendance", CHAIR, {"person_id": str(one.person), "presence": "present"}))
        done(await town.post(f"{way}/close", CHAIR))
    totals = done(await town.get("/meetings/attendance-totals", CHAIR))
    assert (totals["meetings"], totals["person_times"], totals["persons"]) == (2, 3, 2)
    answer = await town.get("/meetings/attendance-totals", CHAIR, first="2020-01-01", last="2026-01-01")
    refused(answer, 422, "period-too-long")


async def test_expired_foreign_and_made_up_codes_are_refused_by_name(town: Town) -> None:
    people = [{"person_id": str(RESIDENT.person), "seat": "resident_representative"}]
    way, other = await soon(town, *people), await soon(town, *people)
    foreign = done(await town.get(f"{other}/attendance-code", CHAIR))["code"]
    answer = refused(await town.post(f"{way}/attend", RESIDENT, {"code": foreign}), 422, "attendance-code-refused")
    assert list(answer.fields) == ["code"]
    code = done(await town.get(f"{way}/attendance-code", CHAIR))["code"]
    town.clock.advance(timedelta(minutes=1, seconds=1))
    refused(await town.post(f"{way}/attend", RESIDENT, {"code": code}), 422, "attendance-code-expired")
    refused(await town.post(f"{way}/attend", NEIGHBOUR, {"code": code}), 404, "not-found")


async def test_closing_plans_visits_through_known_grids(town: Town) -> None:
    grid = new_id()
    await town.tell(remember_a_grid, GridDrawn(grid_id=grid, name="3号网格", worker_id=None))
    way = await soon(town)
    plan = {
        "kind": "field_survey",
        "starts_at": (town.clock.now() + timedelta(days=2)).isoformat(),
        "grids": [str(grid)],
        "participants": [str(RESIDENT.person)],
    }
    wrong = {**plan, "grids": [str(new_id())]}
    answer = await town.post(f"{way}/close", CHAIR, {"planned_patrols": [plan, wrong]})
    assert (answer.status, list(answer.fields)) == (422, ["planned_patrols[1].grids[0]"])
    done(await town.post(f"{way}/close", CHAIR, {"planned_patrols": [plan]}))
    (patrol,) = done(await town.get("/patrols", RESIDENT))["items"]
    assert (patrol["kind"], patrol["meeting_id"]) == ("field_survey", way.split("/")[-1])
