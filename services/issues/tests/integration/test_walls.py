"""The four walls between communities, and the role × action matrix, on every route there is."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from services.issues.storage.tables.parts import metadata
from services.issues.tests.builders import (
    ADMIN,
    CHAIR,
    GRID,
    NEIGHBOUR,
    NOW,
    OFFICER,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    UNIT,
)
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import DEADLINE, Town, app_on, call, done, refused, without_instance
from shared.clock import FrozenClock
from shared.database.row_security import tables_without_row_security
from shared.principal import Role
from shared.security.authorisation import permission_table
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import a_principal

A_SURVEY = {
    "kind": "needs",
    "title": "需要什么",
    "population": {"households": 5196, "as_of": "2025-12-31", "source": "台账"},
    "questions": [{"kind": "words", "text": "需要什么"}],
}
EVERYTHING = a_principal(*Role, organisation=PROPERTY)


def routes(town: Town) -> list[str]:
    return [route for route in permission_table(town.app) if "{community}" in route]


async def ids_of(town: Town) -> dict[str, str]:
    """One of each thing of this town: an issue on the agenda of a meeting, a survey, a patrol, a whistle, a mediation."""
    quarrel = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    between = {
        "issue_id": quarrel["id"],
        "parties": [{"person_id": str(NEIGHBOUR.person)}, {"name": "王大爷"}],
        "mediator_id": str(CHAIR.person),
    }
    mediation = done(await town.post("/mediations", OFFICER, between), 201)
    danger = await town.accepted(RESIDENT, OFFICER)
    call_for = {"units": [str(PROPERTY)], "level": "red", "why": "起火", "place": "北侧"}
    whistle = done(await town.post(f"/issues/{danger['id']}/whistle", OFFICER, call_for), 201)
    shared = await town.accepted(RESIDENT, OFFICER)
    way = f"/issues/{shared['id']}"
    done(await town.post(f"{way}/assign", OFFICER, FOUR))
    done(await town.post(f"{way}/co-handlers", OFFICER, {"organisation": str(UNIT), "part": "断电"}))
    part = {"title": "断电", "organisation": str(UNIT), "deadline": DEADLINE}
    task = done(await town.post(f"{way}/tasks", OFFICER, part))["tasks"][0]
    done(await town.post(f"{way}/progress", OFFICER, {"text": "已约时间"}), 201)
    late = await town.report(RESIDENT)
    issue = await town.accepted(RESIDENT, OFFICER)
    done(await town.post(f"/issues/{issue['id']}/join", NEIGHBOUR))
    rules = {"rules": [{"organisation": str(PROPERTY)}], "basis": "会议纪要"}
    done(await town.post("/routing-rules", ADMIN, rules))
    people = [{"person_id": str(RESIDENT.person), "seat": "resident_representative"}]
    meeting = await town.meeting(CHAIR, participants=people)
    done(await town.post(f"/issues/{issue['id']}/place-on-agenda", OFFICER, {"meeting_id": meeting["id"]}))
    item = done(await town.get(f"/meetings/{meeting['id']}", CHAIR))["items"][0]
    starts_at = (town.clock.now() + timedelta(days=1)).isoformat()
    plan = {"kind": "patrol", "starts_at": starts_at, "grids": [str(GRID)], "participants": [str(OFFICER.person)]}
    patrol = done(await town.post("/patrols", OFFICER, plan), 201)
    done(await town.post(f"/patrols/{patrol['id']}/start", OFFICER))
    trifle = done(await town.post(f"/patrols/{patrol['id']}/trifles", OFFICER, {"category": "environment"}), 201)
    survey = done(await town.post("/surveys", OFFICER, A_SURVEY), 201)
    seat = {"kind": "roundtable", "seat": "secretary", "person_id": str(SECRETARY.person), "since": "2026-11-25"}
    entry = done(await town.post("/meeting-roster", OFFICER, seat), 201)
    series = {
        "kind": "wednesday",
        "place": "会议室",
        "rule": {"weekday": 3},
        "start_time": "19:00",
        "first": "2026-11-26",
    }
    topic = done(await town.post(f"/meetings/{meeting['id']}/proposals", RESIDENT, {"title": "x", "text": "y"}), 201)
    link = done(await town.post("/meeting-calendars", RESIDENT, {}), 201)
    town.clock.advance(timedelta(hours=18))
    done(await town.post(f"/issues/{late['id']}/urge", RESIDENT, {}))
    return {
        "entry_id": entry["id"],
        "series_id": done(await town.post("/meeting-series", CHAIR, series), 201)["id"],
        "issue_id": issue["id"],
        "task_id": task["id"],
        "meeting_id": meeting["id"],
        "section_id": meeting["id"],
        "proposal_id": topic["id"],
        "link_id": link["id"],
        "item_id": item["id"],
        "survey_id": survey["id"],
        "patrol_id": patrol["id"],
        "finding_id": trifle["id"],
        "whistle_id": whistle["id"],
        "mediation_id": mediation["id"],
    }


async def test_nobody_comes_in_without_a_signed_principal(town: Town) -> None:
    for route in routes(town):
        if route.endswith("{token}.ics"):  # what a secret opens: without it there is nothing
            refused(await call(town, route, None), 404, "not-found")
            continue
        refused(await call(town, route, None), 401, "unauthenticated")


async def test_each_role_may_call_exactly_the_routes_of_the_matrix(town: Town) -> None:
    for route, allowed in permission_table(town.app).items():
        if "{community}" not in route:
            continue
        for role in Role:
            answer = await call(town, route, a_principal(role, community=town.community, organisation=PROPERTY))
            assert (answer.slug == "forbidden") == (role not in allowed), (route, role, answer.status, answer.slug)


async def test_an_id_of_another_community_is_no_id(town: Town) -> None:
    known = await ids_of(town)
    stranger = replace(EVERYTHING, community="elsewhere")
    neighbour_town = Town(town.app, town.database, town.clock)
    await neighbour_town.found()
    inside = replace(EVERYTHING, community=neighbour_town.community)
    for route in routes(town):
        # A principal of another community in this community's path: whatever there is, there is nothing.
        real, unreal = await call(town, route, stranger, **known), await call(town, route, stranger)
        assert (real.status, without_instance(real)) == (404, without_instance(unreal)), route
        if "_id}" in route:
            # This community's ids in the other community's path: the same as ids that exist nowhere.
            real, unreal = await call(neighbour_town, route, inside, **known), await call(neighbour_town, route, inside)
            assert (real.status, without_instance(real)) == (404, without_instance(unreal)), route
    assert done(await town.get("/issues", OFFICER))["items"][0]["state"] == "on_agenda"


async def test_raw_sql_of_the_serving_role_sees_no_row_of_others(town: Town) -> None:
    await ids_of(town)
    batch = [{"source_id": "1", "category": "labour", "place": "A市", "text": "x", "reported_at": NOW.isoformat()}]
    done(await town.post("/issues/imports", ADMIN, {"source": "board", "rows": batch}))
    tables = [*metadata.tables, "outbox", "outbox_aggregates", "idempotency_keys"]
    here = {
        table: (await town.rows(f"SELECT count(*) FROM {table} WHERE community = $1", town.community))[0]["count"]
        for table in tables
    }
    assert {"issues", "issue_history", "meetings", "agenda_items", "categories", "outbox"} <= {
        table for table, count in here.items() if count
    }
    connection = await asyncpg.connect(town.database.plain(town.database.app_url))
    try:
        for community in (None, "elsewhere", town.community):
            for table in tables:
                async with connection.transaction():
                    if community is not None:
                        await connection.execute("SELECT set_config('app.community', $1, true)", community)
                    seen = await connection.fetchval(f"SELECT count(*) FROM {table}")
                    assert seen == (here[table] if community == town.community else 0), (community, table)
    finally:
        await connection.close()


@pytest.mark.parametrize("table", ["issues", "issue_numbers", "meetings", "categories"])
async def test_the_serving_role_cannot_write_into_another_community(town: Town, table: str) -> None:
    connection = await asyncpg.connect(town.database.plain(town.database.app_url))
    try:
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.community', 'elsewhere', true)")
            assert await connection.execute(f"UPDATE {table} SET community = 'elsewhere'") == "UPDATE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                f"""BEGIN; SELECT set_config('app.community', 'elsewhere', true);
                INSERT INTO issue_numbers (community, year, last) VALUES ('{town.community}', 2030, 1)"""
            )
    finally:
        await connection.close()


async def test_history_and_origins_can_only_be_added_to(town: Town) -> None:
    connection = await asyncpg.connect(town.database.plain(town.database.app_url))
    try:
        for table in ("issue_history", "issue_origins"):
            for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET issue_id = issue_id"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
    finally:
        await connection.close()


async def test_no_table_of_a_community_is_without_row_security(town: Town) -> None:
    engine = create_async_engine(town.database.superuser_url)
    async with engine.connect() as connection:
        assert await tables_without_row_security(connection) == []
    await engine.dispose()


async def test_a_community_without_facts_is_not_ready(database_of: MakeDatabase) -> None:
    clock = FrozenClock(NOW)
    database = database_of("issues")
    app = app_on(database, clock)
    try:
        body: dict[str, Any] = {"category": "street_light", "place": {"text": "北门"}, "text": "不亮"}
        refused(await Town(app, database, clock).post("/issues", RESIDENT, body), 409, "community-not-ready")
    finally:
        await app.state.messaging.database.close()
        await app.state.database.close()
