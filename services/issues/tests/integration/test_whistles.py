"""Whistles over HTTP and on a real database: units that answer at once, misses that fire once, and who sees what."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.issues.domain.period import Period
from services.issues.domain.words.issues import IssueKind
from services.issues.queries.whistles import WhistleFilter, arrivals_by_unit, whistles_seen_by
from services.issues.storage.whistle_rows import whistle_of
from services.issues.tests.builders import (
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OFFICER_2,
    OTHER_HANDLER,
    PEOPLE,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    SUBDISTRICT,
    UNIT,
)
from services.issues.tests.integration.plans import Explained
from services.issues.tests.integration.test_clocks import publish_calendar
from services.issues.tests.integration.town import DEADLINE, Town, app_on, call, done, refused
from services.issues.timers import timers
from shared.http.paging import PageAsked
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal
from shared.timers.sweeper import Sweeper

STRANGER = a_principal(Role.PARTNER, organisation=new_id())
BOTH = [str(PROPERTY), str(UNIT)]
ASSIGNMENT = {"record": "线路老化", "responsible_organisation": str(PROPERTY), "deadline": DEADLINE, "plan": "换线"}


async def in_progress(town: Town, **more: Any) -> Any:
    issue = await town.accepted(RESIDENT, OFFICER, **more)
    done(await town.post(f"/issues/{issue['id']}/assign", OFFICER, ASSIGNMENT))
    return done(await town.post(f"/issues/{issue['id']}/sign", HANDLER))


async def blown(town: Town, units: list[str] = BOTH, *, level: str = "red", **more: Any) -> Any:
    issue = await in_progress(town, **more)
    body = {"units": units, "level": level, "why": "线路起火", "place": "12号楼北侧"}
    return done(await town.post(f"/issues/{issue['id']}/whistle", OFFICER, body), 201)


def unit_of(whistle: Any, organisation: UUID) -> Any:
    return next(unit for unit in whistle["units"] if unit["organisation"] == str(organisation))


def may(whistle: Any, organisation: UUID) -> set[str]:
    return {step["verb"] for step in unit_of(whistle, organisation)["allowed_actions"] if step["allowed"]}


async def test_two_units_are_called_come_work_and_are_rated(town: Town) -> None:
    whistle = await blown(town)
    path = f"/whistles/{whistle['id']}"
    assert unit_of(whistle, UNIT)["clock"]["due_at"] == "2026-11-25T10:30:00Z"
    assert may(done(await town.get(path, HANDLER)), PROPERTY) == {"acknowledge", "refuse", "report-in", "note"}
    assert may(done(await town.get(path, HANDLER)), UNIT) == set()
    done(await town.post(f"{path}/acknowledge", HANDLER))
    town.clock.advance(timedelta(minutes=9))
    code = done(await town.post(f"{path}/place-code", GRID_WORKER))
    assert "<svg" in code["svg"]
    seen = done(await town.post(f"{path}/report-in", HANDLER, {"place_code": code["code"]}))
    assert (unit_of(seen, PROPERTY)["state"], unit_of(seen, PROPERTY)["arrival_proof"]) == ("arrived", "code")
    assert unit_of(seen, PROPERTY)["clock"]["minutes"] == 9
    done(await town.post(f"{path}/report-in", OTHER_HANDLER, {"place": "北门"}))
    done(await town.post(f"{path}/confirm", OFFICER, {"organisation": str(UNIT)}))
    done(await town.post(f"{path}/note", OTHER_HANDLER, {"text": "已断电"}))
    done(await town.post(f"{path}/done", HANDLER, {"result": "已更换线路"}))
    over = done(await town.post(f"{path}/done", OTHER_HANDLER, {"result": "已恢复供电"}))
    assert over["state"] == "closed"
    done(await town.post(f"{path}/rate", OFFICER, {"organisation": str(UNIT), "score": 5, "comment": "来得快"}))
    rated = done(await town.post(f"{path}/rate", OTHER_HANDLER, {"score": 4}))
    assert unit_of(rated, UNIT)["rating_of_unit"]["score"] == 5
    assert unit_of(rated, UNIT)["rating_by_unit"]["score"] == 4
    refused(await town.post(f"{path}/rate", OTHER_HANDLER, {"score": 1}), 409, "rated-already")
    assert unit_of(done(await town.get(path, HANDLER)), UNIT)["rating_of_unit"] is None, "not the other unit's business"
    verbs = [entry["verb"] for entry in done(await town.get(f"{path}/history", OFFICER))["items"]]
    assert verbs == [
        *("blow", "acknowledge", "report-in", "report-in", "confirm", "note", "done", "done", "close", "rate", "rate")
    ]
    own = [entry["organisation"] for entry in done(await town.get(f"{path}/history", HANDLER))["items"]]
    assert set(own) == {None, str(PROPERTY)}
    facts = await town.published(whistle["id"])
    assert facts == [
        "whistle_blown",
        "whistle_blown",
        "whistle_acknowledged",
        "unit_arrived",
        "unit_arrived",
        "whistle_unit_done",
        "whistle_unit_done",
        "whistle_closed",
        "whistle_rated",
        "whistle_rated",
    ]
    assert (
        await town.rows("SELECT 1 FROM timers WHERE community = $1 AND kind = 'whistle_arrival'", town.community) == []
    )


async def test_two_units_that_answer_at_once_are_both_heard(town: Town) -> None:
    for verb in ("acknowledge", "report-in"):
        for _ in range(3):
            whistle = await blown(town)
            path = f"/whistles/{whistle['id']}"
            answers = await asyncio.gather(*(town.post(f"{path}/{verb}", who) for who in (HANDLER, OTHER_HANDLER)))
            assert [answer.status for answer in answers] == [200, 200]
            seen = done(await town.get(path, OFFICER))
            assert {unit["state"] for unit in seen["units"]} == {"acknowledged" if verb == "acknowledge" else "arrived"}


async def test_two_people_of_one_unit_answer_once(town: Town) -> None:
    colleague = replace(HANDLER, person=new_id())
    whistle = await blown(town)
    path = f"/whistles/{whistle['id']}/acknowledge"
    answers = await asyncio.gather(*(town.post(path, who) for who in (HANDLER, colleague)))
    assert sorted(answer.status for answer in answers) == [200, 409]
    assert (await town.published(whistle["id"])).count("whistle_acknowledged") == 1


async def test_two_officers_at_once_call_a_unit_once(town: Town) -> None:
    issue = await in_progress(town)
    body = {"units": BOTH, "level": "red", "why": "起火", "place": "北侧"}
    path = f"/issues/{issue['id']}/whistle"
    answers = await asyncio.gather(*(town.post(path, who, body) for who in (OFFICER, OFFICER_2, SECRETARY)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    refused(await town.post(path, SECRETARY, body), 409, "unit-already-called")
    rows = await town.rows("SELECT count(*) AS n FROM whistles WHERE community = $1", town.community)
    assert rows[0]["n"] == 1


async def test_a_step_on_an_outdated_version_is_refused(town: Town) -> None:
    whistle = await blown(town)
    path = f"/whistles/{whistle['id']}"
    done(await town.post(f"{path}/acknowledge", HANDLER, if_match="1"))
    refused(await town.post(f"{path}/acknowledge", OTHER_HANDLER, if_match="1"), 412, "version-mismatch")


async def test_a_miss_fires_once_with_two_sweepers_and_is_seen_by_the_subdistrict(town: Town) -> None:
    whistle = await blown(town)
    path = f"/whistles/{whistle['id']}"
    done(await town.post(f"{path}/report-in", HANDLER))
    refused(await town.get(path, SUBDISTRICT), 404, "not-found")
    town.clock.advance(timedelta(minutes=30))
    second = app_on(town.database, town.clock)
    sweepers = [app.state.timers for app in (town.app, second)]
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers for _ in range(2)))
    await sweepers[0].sweep()
    await second.state.messaging.database.close()
    await second.state.database.close()
    missed = await town.rows(
        "SELECT data ->> 'organisation_id' AS unit FROM outbox WHERE community = $1 AND type = 'issues.whistle_missed.v1'",
        town.community,
    )
    assert [row["unit"] for row in missed] == [str(UNIT)]
    seen = done(await town.get(path, SUBDISTRICT))
    assert (seen["missed"], unit_of(seen, UNIT)["clock"]["missed_at"]) == (True, "2026-11-25T10:30:00Z")
    history = done(await town.get(f"{path}/history", SUBDISTRICT))["items"]
    assert [entry["verb"] for entry in history] == ["blow", "report-in", "miss"]
    (issue,) = await town.rows("SELECT brought_up FROM issues WHERE id = $1", UUID(whistle["issue_id"]))
    assert issue["brought_up"] == "whistle_missed"
    listed = done(await town.get("/whistles", SUBDISTRICT, missed="true"))["items"]
    assert [one["id"] for one in listed] == [whistle["id"]]
    late = done(await town.post(f"{path}/report-in", OTHER_HANDLER))
    assert unit_of(late, UNIT)["state"] == "arrived"


async def test_an_arrival_and_its_clock_at_the_same_moment_leave_one_of_both(town: Town) -> None:
    for _ in range(5):
        whistle = await blown(town, [str(UNIT)])
        path = f"/whistles/{whistle['id']}"
        town.clock.advance(timedelta(minutes=30))
        answer, _ = await asyncio.gather(town.post(f"{path}/report-in", OTHER_HANDLER), town.app.state.timers.sweep())
        assert answer.status == 200
        seen = done(await town.get(path, OFFICER))
        facts = await town.published(whistle["id"])
        assert facts.count("whistle_missed") == (1 if seen["missed"] else 0)
        assert unit_of(seen, UNIT)["state"] == "arrived"
        left = await town.rows("SELECT 1 FROM timers WHERE subject = $1", UUID(whistle["id"]))
        assert left == []


async def test_a_day_off_that_is_published_moves_the_arrivals_that_are_awaited(town: Town) -> None:
    whistle = await blown(town, level="blue")
    path = f"/whistles/{whistle['id']}"
    assert unit_of(whistle, UNIT)["clock"]["due_at"] == "2026-11-26T09:30:00Z"
    done(await town.post(f"{path}/report-in", HANDLER))
    await publish_calendar(town, [{"day": "2026-11-26", "name": "临时放假"}])
    await town.ring()
    seen = done(await town.get(path, OFFICER))
    ends = [unit_of(seen, unit)["clock"]["due_at"] for unit in (PROPERTY, UNIT)]
    assert ends == ["2026-11-26T09:30:00Z", "2026-11-27T09:30:00Z"], "who is there was in time by the calendar of then"
    town.clock.at = datetime.fromisoformat("2026-11-26T09:30:00Z")
    await town.ring()
    assert "whistle_missed" not in await town.published(whistle["id"])
    town.clock.at = datetime.fromisoformat("2026-11-27T09:30:00Z")
    await town.ring()
    assert (await town.published(whistle["id"])).count("whistle_missed") == 1
    later = await blown(town, [str(UNIT)], level="blue", category="noise")
    assert unit_of(later, UNIT)["clock"]["due_at"] == "2026-11-30T09:30:00Z"


async def test_the_clocks_of_an_issue_explain_the_arrivals_too(town: Town) -> None:
    await publish_calendar(town, [{"day": "2026-11-26", "name": "临时放假"}])
    whistle = await blown(town, level="blue")
    done(await town.post(f"/whistles/{whistle['id']}/report-in", HANDLER))

    async def arrivals(who: Any) -> dict[str, Any]:
        items = done(await town.get(f"/issues/{whistle['issue_id']}/clocks", who))["items"]
        return {clock["organisation"]: clock for clock in items if clock["code"] == "T6"}

    seen = await arrivals(OFFICER)
    came, awaited = seen[str(PROPERTY)], seen[str(UNIT)]
    assert (came["result"], came["stopped_by"], awaited["stopped_at"]) == ("met", "report-in", None)
    assert awaited["due_at"] == unit_of(whistle, UNIT)["clock"]["due_at"] == "2026-11-27T09:30:00Z"
    assert [day["day"] for day in awaited["days_off"]] == ["2026-11-26"]
    assert awaited["calendar"] == [{"year": 2026, "version": 1}]
    assert (awaited["span"]["unit"], awaited["round"], awaited["part"]) == ("working_days", 1, 2)
    assert list(await arrivals(HANDLER)) == [str(PROPERTY)], "a unit sees its own"
    assert await arrivals(RESIDENT) == {}


async def test_a_whistle_that_is_blown_after_a_day_off_was_published_knows_it(town: Town) -> None:
    await publish_calendar(town, [{"day": "2026-11-26", "name": "临时放假"}])
    whistle = await blown(town, level="blue")
    assert unit_of(whistle, UNIT)["clock"]["due_at"] == "2026-11-27T09:30:00Z"


async def test_a_restarted_service_still_fires_what_became_due(town: Town) -> None:
    whistle = await blown(town, level="yellow")
    town.clock.advance(timedelta(hours=30))
    again = app_on(town.database, town.clock)
    sweeper = Sweeper(timers, again.state.unit_of_work, again.state.messaging.database, clock=town.clock)
    await sweeper.sweep()
    await again.state.messaging.database.close()
    await again.state.database.close()
    assert (await town.published(whistle["id"])).count("whistle_missed") == 2


async def test_other_units_and_residents_find_nothing(town: Town) -> None:
    whistle = await blown(town, [str(UNIT)])
    path = f"/whistles/{whistle['id']}"
    for who in (HANDLER, STRANGER):
        refused(await town.get(path, who), 404, "not-found")
        refused(await town.get(f"{path}/history", who), 404, "not-found")
        for verb, body in (("acknowledge", {}), ("report-in", {}), ("note", {"text": "x"}), ("done", {"result": "x"})):
            refused(await town.post(f"{path}/{verb}", who, body), 404, "not-found")
        assert done(await town.get("/whistles", who))["items"] == []
    for who in (RESIDENT, NEIGHBOUR):
        refused(await town.get(path, who), 403, "forbidden")


async def test_lists_show_what_may_be_seen_one_by_one(town: Town) -> None:
    await blown(town, [str(UNIT)])
    await blown(town, [str(PROPERTY)], level="blue")
    await blown(town, BOTH, category="neighbour_quarrel")
    town.clock.advance(timedelta(hours=1))
    await town.app.state.timers.sweep()
    rows = await town.rows("SELECT * FROM whistles WHERE community = $1", town.community)
    units = await town.rows("SELECT * FROM whistle_units WHERE community = $1", town.community)
    known = [whistle_of(row, [u for u in units if u["whistle_id"] == row["id"]]) for row in rows]
    assert {whistle.issue_kind for whistle in known} >= {IssueKind.DISPUTE}
    database = town.app.state.database
    both = a_principal(Role.GRID_WORKER, Role.HANDLER, organisation=UNIT)
    for who in (*PEOPLE, STRANGER, both):
        async with database.reading(town.community) as connection:
            page = await whistles_seen_by(connection, town.community, who, WhistleFilter(), PageAsked())
        assert {one.id for one in page.items} == {one.id for one in known if one.visible_to(who)}, who.roles


async def test_lists_are_filtered_and_paged(town: Town) -> None:
    first = await blown(town, [str(UNIT)])
    second = await blown(town, BOTH, level="yellow")
    done(await town.post(f"/whistles/{first['id']}/cancel", OFFICER, {"reason": "误报"}))

    async def ids(**wanted: str) -> list[str]:
        return [one["id"] for one in done(await town.get("/whistles", OFFICER, **wanted))["items"]]

    assert await ids() == [second["id"], first["id"]]
    assert await ids(state="cancelled") == [first["id"]]
    assert await ids(level="yellow") == [second["id"]]
    assert await ids(unit=str(PROPERTY)) == [second["id"]]
    assert await ids(issue_id=first["issue_id"]) == [first["id"]]
    assert await ids(missed="true") == []
    assert len(await ids(missed="false")) == 2
    page = done(await town.get("/whistles", OFFICER, limit=1))
    rest = done(await town.get("/whistles", OFFICER, limit=1, cursor=page["next_cursor"]))
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [second["id"], first["id"]]
    assert rest["next_cursor"] is None
    for name, value in (("state", "lost"), ("level", "pink"), ("unit", "x"), ("missed", "perhaps")):
        answer = await town.get("/whistles", OFFICER, **{name: value})
        assert (answer.status, list(answer.fields)) == (422, [name])


async def test_arrivals_are_counted_with_their_n(town: Town) -> None:
    for minutes in (5, 11, 40):
        whistle = await blown(town, [str(UNIT)])
        town.clock.advance(timedelta(minutes=minutes))
        await town.app.state.timers.sweep()
        done(await town.post(f"/whistles/{whistle['id']}/report-in", OTHER_HANDLER))
    await blown(town, [str(UNIT)], level="yellow")
    whistle = await blown(town)
    for unit in BOTH:
        done(await town.post(f"/whistles/{whistle['id']}/release", OFFICER, {"organisation": unit, "reason": "误报"}))
    period = {"since": "2026-11-25", "until": "2026-11-25"}
    counted = done(await town.get("/whistles/arrivals", OFFICER, **period))["units"]
    assert {unit["name"]: {**unit, "organisation": None, "name": None} for unit in counted} == {
        "水集供电所": {
            "organisation": None,
            "name": None,
            "called": 5,
            "excluded": 1,
            "pending": 1,
            "arrived": 3,
            "in_time": 2,
            "missed": 1,
            "median_minutes": 11,
        },
        "翡翠物业": {
            "organisation": None,
            "name": None,
            "called": 1,
            "excluded": 1,
            "pending": 0,
            "arrived": 0,
            "in_time": 0,
            "missed": 0,
            "median_minutes": None,
        },
    }
    own = done(await town.get("/whistles/arrivals", HANDLER, **period))["units"]
    assert [unit["name"] for unit in own] == ["翡翠物业"]
    red = done(await town.get("/whistles/arrivals", SUBDISTRICT, level="red", **period))["units"]
    assert {unit["called"] for unit in red} == {4, 1}
    assert done(await town.get("/whistles/arrivals", OFFICER, since="2026-11-24", until="2026-11-24"))["units"] == []
    for since, until in (("2026-11-25", "2026-11-24"), ("2025-01-01", "2026-11-25")):
        answer = await town.get("/whistles/arrivals", OFFICER, since=since, until=until)
        assert (answer.status, list(answer.fields)) == (422, ["until"])


async def test_lists_and_statistics_use_an_index(town: Town) -> None:
    whistle = await blown(town, [str(UNIT)])
    await town.rows(
        """
        INSERT INTO whistles SELECT (w).* FROM (
            SELECT jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid(), 'missed', n % 500 = 0)) AS w
            FROM whistles w, generate_series(1, 20000) n WHERE w.id = $1
        ) made
        """,
        UUID(whistle["id"]),
    )
    await town.rows(
        """
        INSERT INTO whistle_units SELECT (u).* FROM (
            SELECT jsonb_populate_record(u, jsonb_build_object('whistle_id', w.id, 'state', 'done',
                'organisation', CASE WHEN w.missed THEN $2::uuid ELSE u.organisation END,
                'called_at', timestamptz '2026-11-25' - interval '1 day' * (random() * 3000))) AS u
            FROM whistle_units u, whistles w WHERE u.whistle_id = $1 AND w.community = u.community AND w.id <> $1
        ) made
        """,
        UUID(whistle["id"]),
        PROPERTY,
    )
    await town.rows("ANALYZE whistles, whistle_units")
    database, plans = town.app.state.database, {}
    for name, who, wanted in (
        ("unit", HANDLER, WhistleFilter()),
        ("missed", SUBDISTRICT, WhistleFilter(missed=True)),
        ("office", OFFICER, WhistleFilter(unit=PROPERTY)),
    ):
        async with database.reading(town.community) as connection:
            explained = Explained(connection)
            await whistles_seen_by(explained, town.community, who, wanted, PageAsked())  # type: ignore[arg-type]
            plans[name] = explained.plans[0]
    period = Period(date(2026, 11, 20), date(2026, 11, 25))
    async with database.reading(town.community) as connection:
        explained = Explained(connection)
        await arrivals_by_unit(explained, town.community, OFFICER, period=period, level=None)  # type: ignore[arg-type]
        plans["arrivals"] = explained.plans[0]
    assert "whistle_units_by_call" in plans["arrivals"]
    for name, plan in plans.items():
        assert "Seq Scan on whistles" not in plan, (name, plan)
        assert "Seq Scan on whistle_units" not in plan, (name, plan)


async def test_every_step_needs_a_whistle_that_is_there(town: Town) -> None:
    who = a_principal(*Role, community=town.community, organisation=PROPERTY)
    for route in town.app.openapi()["paths"]:
        if "/whistles/{whistle_id}" in route:
            for method in town.app.openapi()["paths"][route]:
                assert (await call(town, f"{method.upper()} {route}", who)).status == 404, route
