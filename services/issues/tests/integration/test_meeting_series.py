"""Series of meetings and their calendars over HTTP, with real timers."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from services.issues.consumers import forget_a_membership
from services.issues.tests.builders import CHAIR, NEIGHBOUR, OFFICER, RESIDENT, SECRETARY
from services.issues.tests.calendar_reader import read, starts
from services.issues.tests.integration.town import Town, done, refused
from shared.contracts.gateway import MembershipEnded

SERIES: dict[str, Any] = {
    "kind": "wednesday",
    "place": "社区会议室",
    "rule": {"weekday": 3},
    "start_time": "19:00",
    "first": "2026-11-26",
}


async def begun(town: Town, **more: Any) -> Any:
    return done(await town.post("/meeting-series", CHAIR, {**SERIES, **more}), 201)


async def listed(town: Town, series: Any) -> list[Any]:
    found = done(await town.get("/meetings", CHAIR, series_id=series["id"]))["items"]
    return sorted((one for one in found if one["state"] == "convened"), key=lambda one: str(one["starts_at"]))


async def test_wednesdays_are_convened_by_themselves_week_by_week(town: Town) -> None:
    series = await begun(town)
    assert (series["rule"]["rrule"], series["rule"]["time_zone"]) == (
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=WE",
        "Asia/Shanghai",
    )
    assert [one["starts_at"] for one in await listed(town, series)] == [
        f"2026-12-{day:02}T11:00:00Z" for day in (2, 9, 16, 23)
    ]
    for _ in range(3):
        town.clock.advance(timedelta(days=7))
        await town.ring()
        await town.ring()
    assert [one["starts_at"][:10] for one in await listed(town, series)] == [
        *(f"2026-12-{day:02}" for day in (2, 9, 16, 23, 30)),
        "2027-01-06",
        "2027-01-13",
    ]


async def test_two_officers_change_a_series_at_once(town: Town) -> None:
    series = await begun(town)
    way = f"/meeting-series/{series['id']}/change"
    answers = await asyncio.gather(
        *(town.post(way, CHAIR, {"scope": "all", "start_time": f"1{n}:00"}, if_match="1") for n in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]
    assert len({one["starts_at"][11:] for one in await listed(town, series)}) == 1


async def test_this_the_following_and_the_end(town: Town) -> None:
    series = await begun(town)
    first, second, *_ = await listed(town, series)
    moved = done(
        await town.post(
            f"/meetings/{first['id']}/reschedule", CHAIR, {"place": "小区凉亭", "reason": "停电"}, if_match="1"
        )
    )
    assert (moved["edited"], moved["place"]) == (True, "小区凉亭")
    refused(
        await town.post(f"/meetings/{first['id']}/cancel", CHAIR, {"reason": "x"}, if_match="1"),
        412,
        "version-mismatch",
    )
    change = {"scope": "following", "since": "2026-12-09", "rule": {"weekday": 4}}
    after = done(await town.post(f"/meeting-series/{series['id']}/change", CHAIR, change))
    assert [one["starts_at"][:10] for one in await listed(town, after)] == ["2026-12-10", "2026-12-17", "2026-12-24"]
    assert second["id"] in [one["id"] for one in await listed(town, after)]
    done(await town.post(f"/meeting-series/{after['id']}/end", CHAIR, {"last": "2026-12-11", "reason": "换届"}))
    assert [one["starts_at"][:10] for one in await listed(town, after)] == ["2026-12-10"]
    newest = done(await town.get("/meeting-series", RESIDENT))["items"]
    assert [one["id"] for one in newest] == [after["id"], series["id"]]
    refused(await town.post("/meeting-series", RESIDENT, SERIES), 403, "forbidden")


async def test_an_agenda_follows_its_meeting_and_is_carried_on_when_it_falls_out(town: Town) -> None:
    series = await begun(town)
    first, second, *_ = await listed(town, series)
    issue = await town.accepted(RESIDENT, OFFICER)
    done(await town.post(f"/issues/{issue['id']}/place-on-agenda", OFFICER, {"meeting_id": first["id"]}))
    done(await town.post(f"/meetings/{first['id']}/cancel", CHAIR, {"reason": "台风"}))
    assert [one["issue_id"] for one in done(await town.get(f"/meetings/{second['id']}", CHAIR))["items"]] == [
        issue["id"]
    ]
    assert done(await town.get(f"/issues/{issue['id']}", OFFICER))["meeting_id"] == second["id"]
    refused(await town.post(f"/meetings/{first['id']}/close", CHAIR), 409, "meeting-cancelled")


async def test_calendars_of_a_series_and_of_one_meeting(town: Town) -> None:
    series = await begun(town)
    meetings = await listed(town, series)
    done(await town.post(f"/meetings/{meetings[0]['id']}/cancel", CHAIR, {"reason": "台风"}))
    answer = await town.get(f"/meeting-series/{series['id']}.ics", RESIDENT)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8", answer.body
    shown = starts(read(answer.body), datetime(2026, 12, 24, tzinfo=UTC))
    assert shown == [datetime.fromisoformat(one["starts_at"]) for one in meetings[1:]]
    one = read((await town.get(f"/meetings/{meetings[1]['id']}.ics", CHAIR)).body)
    assert starts(one, datetime(2027, 1, 1, tzinfo=UTC)) == [datetime.fromisoformat(meetings[1]["starts_at"])]
    refused(await town.get(f"/meetings/{meetings[1]['id']}.ics", NEIGHBOUR), 404, "not-found")


async def test_a_secret_link_opens_a_calendar_until_it_is_revoked(town: Town) -> None:
    done(
        await town.post(
            "/meeting-roster",
            OFFICER,
            {"kind": "wednesday", "seat": "party_member", "person_id": str(SECRETARY.person), "since": "2026-12-08"},
        ),
        201,
    )
    series = await begun(town)
    mine = done(await town.post("/meeting-calendars", SECRETARY, {}), 201)
    whole = done(await town.post("/meeting-calendars", SECRETARY, {"series_id": series["id"]}), 201)
    until = datetime(2026, 12, 24, tzinfo=UTC)
    assert len(starts(read((await town.client.get(mine["path"])).body), until)) == 3
    assert len(starts(read((await town.client.get(whole["path"])).body), until)) == 4
    other = mine["path"].replace(town.community, "elsewhere")
    for wrong in (other, mine["path"].replace(".ics", "x.ics"), other.replace("elsewhere", "UPPER!")):
        assert (await town.client.get(wrong)).status == 404
    refused(await town.post(f"/meeting-calendars/{mine['id']}/revoke", NEIGHBOUR), 404, "not-found")
    done(await town.post(f"/meeting-calendars/{mine['id']}/revoke", SECRETARY))
    assert (await town.client.get(mine["path"])).status == 404
    links = done(await town.get("/meeting-calendars", SECRETARY))["items"]
    assert [bool(one["revoked_at"]) for one in links] == [False, True]
    assert "token" not in str(links)
    (kept,) = await town.rows(
        "SELECT id FROM memberships WHERE community = $1 AND person_id = $2", town.community, SECRETARY.person
    )
    await town.tell(
        forget_a_membership, MembershipEnded(membership_id=kept["id"], person_id=SECRETARY.person, role="secretary")
    )
    assert (await town.client.get(whole["path"])).status == 404, "who has left the community sees nothing"
