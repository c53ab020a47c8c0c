"""Mediation over HTTP and on a real database: sealed, reminded of once, and for everybody else not there."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.issues.tests.builders import (
    ADMIN,
    CENTRE_HOUSEHOLD,
    GRID_WORKER,
    NEIGHBOUR,
    NOW,
    OFFICER,
    OFFICER_2,
    PROPERTY,
    RESIDENT,
    SECRETARY,
    SUBDISTRICT,
)
from services.issues.tests.integration.town import Town, app_on, call, done, refused, without_instance
from shared.principal import Role
from shared.security.authorisation import permission_table
from shared.testing.principals import a_principal

MEDIATOR = CENTRE_HOUSEHOLD
INSIDERS = {Role.DUTY_OFFICER, Role.SECRETARY}
SESSION_AT = NOW + timedelta(days=1)
CANARIES = {
    "name": "王老虎大爷",
    "phone": "13912345678",
    "place": "三号楼王家客厅",
    "notes": "甲方先动的手，乙方有火",
    "agreement": "晚九点以后不再拉二胡",
    "reason": "牵涉祖宅产权",
    "refer_to": "水集街道司法所二楼",
    "follow_up": "又拉了一次但道歉了",
}
"""Parts of what is said in a mediation; none of them may be readable in the database."""


async def opened(town: Town, **more: Any) -> Any:
    issue = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    body = {
        "issue_id": issue["id"],
        "parties": [
            {"person_id": str(NEIGHBOUR.person)},
            {"name": CANARIES["name"], "phone": CANARIES["phone"]},
        ],
        "mediator_id": str(MEDIATOR.person),
        **more,
    }
    return done(await town.post("/mediations", OFFICER, body), 201)


async def held(town: Town) -> Any:
    mediation = await opened(town)
    path = f"/mediations/{mediation['id']}"
    done(await town.post(f"{path}/declare", MEDIATOR, {"unrelated": True}))
    at = (town.clock.now() + timedelta(days=1)).isoformat()
    seen = done(await town.post(f"{path}/sessions", MEDIATOR, {"starts_at": at, "place": CANARIES["place"]}))
    town.clock.advance(timedelta(days=1))
    session, party = seen["sessions"][0]["id"], seen["parties"][0]["id"]
    record = {"attended": [party], "notes": CANARIES["notes"]}
    return done(await town.post(f"{path}/sessions/{session}/record", MEDIATOR, record))


async def settled(town: Town) -> Any:
    mediation = await held(town)
    path = f"/mediations/{mediation['id']}"
    seen = done(await town.post(f"{path}/agree", MEDIATOR, {"text": CANARIES["agreement"]}))
    done(await town.post(f"{path}/sign", NEIGHBOUR))
    done(await town.post(f"{path}/sign", MEDIATOR, {"party_id": seen["parties"][1]["id"]}))
    return done(await town.post(f"{path}/settle", MEDIATOR, {"outcome": "settled", "follow_up_on": "2026-12-25"}))


async def test_a_quarrel_is_settled_and_counts(town: Town) -> None:
    mediation = await settled(town)
    path = f"/mediations/{mediation['id']}"
    assert mediation["offered_quantity"] == {"kind": "dispute_settled", "amount": 1}
    full = done(await town.get(path, MEDIATOR))
    assert full["parties"][1]["name"] == CANARIES["name"]
    assert full["sessions"][0]["notes"] == CANARIES["notes"]
    party = done(await town.get(path, NEIGHBOUR))
    assert party["agreement"] == CANARIES["agreement"]
    assert (party["sessions"][0]["notes"], party["parties"][1]["name"]) == (None, None)
    reply = {"outcome": "solved", "public_reply": "双方已和解"}
    issue = done(await town.post(f"/issues/{mediation['issue_id']}/resolve", OFFICER, reply))
    assert issue["resolution"]["quantity"] == {"kind": "dispute_settled", "amount": 1}
    assert await town.published(mediation["id"]) == ["mediation_opened", "mediation_closed"]


async def test_what_is_said_is_nowhere_readable_in_the_database(town: Town) -> None:
    mediation = await settled(town)
    done(
        await town.post(
            f"/mediations/{mediation['id']}/follow-up", OFFICER, {"holds": True, "note": CANARIES["follow_up"]}
        )
    )
    other = await opened(town)
    refer = {"refer_to": CANARIES["refer_to"], "reason": CANARIES["reason"]}
    done(await town.post(f"/mediations/{other['id']}/refer", OFFICER, refer))
    for reader in (OFFICER, MEDIATOR, NEIGHBOUR):
        for one in (mediation, other):
            # Also when a key asks for the answer to be kept.
            answer = await town.client.get(town.path(f"/mediations/{one['id']}"), headers=town.headers(reader, "kept"))
            assert answer.status == 200
    tables = await town.rows(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
    )
    looked_at, found = 0, []
    for table in [row["relname"] for row in tables]:
        for row in await town.rows(f"SELECT * FROM {table}"):
            looked_at += 1
            text = " ".join(
                value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row.values()
            )
            found += [(table, name) for name, canary in CANARIES.items() if canary in text]
    assert found == []
    assert looked_at > 50
    (kept,) = await town.rows("SELECT sealed FROM mediations WHERE id = $1", UUID(mediation["id"]))
    assert kept["sealed"][0] == 1, "the format of sealed values"


async def test_a_sealed_text_that_was_moved_or_altered_is_not_opened(town: Town) -> None:
    first, second = await held(town), await held(town)
    await town.rows(
        "UPDATE mediations SET sealed = (SELECT sealed FROM mediations WHERE id = $1) WHERE id = $2",
        UUID(first["id"]),
        UUID(second["id"]),
    )
    assert done(await town.get(f"/mediations/{first['id']}", OFFICER))["id"] == first["id"]
    refused(await town.get(f"/mediations/{second['id']}", OFFICER), 503, "mediation-unreadable")


async def test_for_every_other_role_there_is_no_mediation_on_any_route(town: Town) -> None:
    mediation = await held(town)
    known = {"mediation_id": mediation["id"], "session_id": mediation["sessions"][0]["id"]}
    before = await town.rows("SELECT version FROM mediations WHERE id = $1", UUID(mediation["id"]))
    routes = [route for route in permission_table(town.app) if "/mediations" in route]
    assert len(routes) == 15
    everything_else = set(Role) - INSIDERS
    for roles in (*({role} for role in everything_else), everything_else):
        who = a_principal(*roles, community=town.community, organisation=PROPERTY)
        assert (await town.get("/mediations", who)).json().get("items", []) == []
        for route in routes:
            if "{mediation_id}" not in route:
                continue
            real, unreal = await call(town, route, who, **known), await call(town, route, who)
            assert real.status in (403, 404), (route, roles, real.status)
            assert without_instance(real) == without_instance(unreal), (route, roles)
    assert await town.rows("SELECT version FROM mediations WHERE id = $1", UUID(mediation["id"])) == before


@pytest.mark.parametrize("who", [ADMIN, GRID_WORKER, SUBDISTRICT])
async def test_others_count_mediations_at_most(town: Town, who: Any) -> None:
    await settled(town)
    period = {"since": "2026-11-01", "until": "2026-11-30"}
    answer = await town.get("/mediations/figures", who, **period)
    if who is GRID_WORKER:
        refused(answer, 403, "forbidden")
        return
    assert done(answer) == {
        "since": "2026-11-01",
        "until": "2026-11-30",
        "opened": 1,
        "closed": 1,
        "settled": 1,
        "partly": 0,
        "failed": 0,
        "referred": 0,
    }


async def test_no_message_of_a_mediation_names_a_person_or_an_issue(town: Town) -> None:
    mediation = await settled(town)
    rows = await town.rows(
        "SELECT type, data FROM outbox WHERE community = $1 AND aggregate_id = $2",
        town.community,
        UUID(mediation["id"]),
    )
    assert len(rows) == 2
    people = [str(who.person) for who in (NEIGHBOUR, MEDIATOR, OFFICER)]
    for row in rows:
        text = str(row["data"])
        assert not any(person in text for person in people)
        assert mediation["issue_id"] not in text


async def test_lists_show_those_in_which_one_has_a_part(town: Town) -> None:
    first, second = await settled(town), await opened(town, mediator_id=str(GRID_WORKER.person))

    async def ids(who: Any, **wanted: str) -> list[str]:
        return [one["id"] for one in done(await town.get("/mediations", who, **wanted))["items"]]

    for who in (OFFICER, SECRETARY, NEIGHBOUR):
        assert await ids(who) == [second["id"], first["id"]]
    assert await ids(MEDIATOR) == [first["id"]]
    assert await ids(GRID_WORKER) == [second["id"]]
    assert await ids(RESIDENT) == [], "the reporter of the dispute is no party by that"
    assert await ids(OFFICER, state="opened") == [second["id"]]
    assert await ids(OFFICER, issue_id=first["issue_id"]) == [first["id"]]
    assert await ids(OFFICER, follow_up_by="2026-12-26") == [first["id"]]
    assert await ids(OFFICER, follow_up_by="2026-12-24") == []
    page = done(await town.get("/mediations", OFFICER, limit=1))
    rest = done(await town.get("/mediations", OFFICER, limit=1, cursor=page["next_cursor"]))
    assert [one["id"] for one in (*page["items"], *rest["items"])] == [second["id"], first["id"]]


async def test_the_follow_up_is_reminded_of_once_with_two_sweepers(town: Town) -> None:
    mediation = await settled(town)
    town.clock.at = NOW.replace(month=12, day=25, hour=1, minute=0)
    second = app_on(town.database, town.clock)
    await asyncio.gather(*(app.state.timers.sweep() for app in (town.app, second) for _ in range(2)))
    await second.state.messaging.database.close()
    await second.state.database.close()
    facts = await town.published(mediation["id"])
    assert facts == ["mediation_opened", "mediation_closed", "mediation_follow_up_due"]


async def test_two_officers_at_once_open_one_mediation(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    body = {
        "issue_id": issue["id"],
        "parties": [{"person_id": str(NEIGHBOUR.person)}, {"name": "李大妈"}],
        "mediator_id": str(MEDIATOR.person),
    }
    answers = await asyncio.gather(*(town.post("/mediations", who, body) for who in (OFFICER, OFFICER_2, SECRETARY)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    assert {answer.slug for answer in answers if answer.status == 409} == {"mediation-already-open"}


async def test_a_step_on_an_outdated_version_is_refused(town: Town) -> None:
    mediation = await opened(town)
    path = f"/mediations/{mediation['id']}/declare"
    done(await town.post(path, MEDIATOR, {"unrelated": True}, if_match="1"))
    refused(await town.post(path, MEDIATOR, {"unrelated": True}, if_match="1"), 412, "version-mismatch")


async def test_input_is_refused_by_name(town: Town) -> None:
    issue = await town.accepted(RESIDENT, OFFICER, category="neighbour_quarrel")
    good = {
        "issue_id": issue["id"],
        "parties": [{"person_id": str(NEIGHBOUR.person)}, {"name": "李大妈"}],
        "mediator_id": str(MEDIATOR.person),
    }
    for change, field in (
        ({"parties": [{"name": "李大妈"}, {}]}, "parties[1].name"),
        ({"parties": [{"name": "李大妈"}]}, "parties"),
        ({"parties": [{"name": "李大妈"}, {"name": "x", "phone": "abc"}]}, "parties.1.phone"),
        ({"parties": [{"name": "李大妈"}, {"person_id": issue["id"]}]}, "parties[1].person_id"),
        ({"mediator_id": issue["id"]}, "mediator_id"),
        ({"mediator_id": str(NEIGHBOUR.person)}, "mediator_id"),
    ):
        answer = await town.post("/mediations", OFFICER, {**good, **change})
        assert (answer.status, list(answer.fields)) == (422, [field]), answer.body
    plain = await town.accepted(RESIDENT, OFFICER)
    refused(await town.post("/mediations", OFFICER, {**good, "issue_id": plain["id"]}), 409, "not-a-dispute")
