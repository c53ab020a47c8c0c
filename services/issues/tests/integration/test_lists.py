"""Lists: filters, pages without gaps or doubles, and the same rule of visibility in SQL as in the domain."""

import json
from typing import Any

from fastapi.routing import APIRoute

from services.issues.api import steps_confirming, steps_handling, steps_intake, steps_proposals
from services.issues.domain.words.issues import IssueKind
from services.issues.queries.issues import IssueFilter, issues_seen_by
from services.issues.tests.builders import (
    ADMIN,
    CENTRE_HOUSEHOLD,
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
from services.issues.tests.integration.plans import Explained
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done
from shared.http.paging import PageAsked
from shared.principal import Grant, Principal, Role

EVERYBODY = (RESIDENT, NEIGHBOUR, OFFICER, CHAIR, HANDLER, OTHER_HANDLER, GRID_WORKER, CENTRE_HOUSEHOLD, ADMIN)

COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = 'issues'::regclass AND attnum > 0 AND NOT attisdropped"


async def ids(town: Town, who: Principal, **filters: Any) -> list[str]:
    """The whole list, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        page = done(await town.get("/issues", who, limit=2, **filters, **({"cursor": cursor} if cursor else {})))
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


async def test_pages_are_whole_and_newest_first(town: Town) -> None:
    reported = [(await town.report(RESIDENT))["id"] for _ in range(5)]
    assert await ids(town, OFFICER) == reported[::-1]
    first = done(await town.get("/issues", OFFICER, limit=2))
    await town.report(RESIDENT)
    rest = done(await town.get("/issues", OFFICER, limit=100, cursor=first["next_cursor"]))
    assert [item["id"] for item in first["items"] + rest["items"]] == reported[::-1]


async def test_filters_narrow_the_list(town: Town) -> None:
    light = await town.report(RESIDENT)
    noise = await town.accepted(NEIGHBOUR, OFFICER, category="noise")
    done(await town.post(f"/issues/{noise['id']}/assign", OFFICER, FOUR))
    own = await town.report(GRID_WORKER, category="rubbish")
    assert await ids(town, OFFICER, state="assigned") == [noise["id"]]
    assert await ids(town, OFFICER, category="street_light") == [light["id"]]
    assert await ids(town, OFFICER, responsible_organisation=str(PROPERTY)) == [noise["id"]]
    assert await ids(town, GRID_WORKER, reported_by="me") == [own["id"]]
    assert await ids(town, OFFICER, number="FCC-2026-00000") == [own["id"], noise["id"], light["id"]]
    assert await ids(town, OFFICER, number="FCC-2026-000002") == [noise["id"]]
    assert await ids(town, OFFICER, state="registered", category="noise") == []
    (shown,) = done(await town.get("/issues", OFFICER, state="assigned"))["items"]
    assert shown["due_at"] == FOUR["deadline"].replace("+00:00", "Z")


async def test_the_beginning_of_a_number_is_found_by_the_unique_index_also_behind_the_wall(town: Town) -> None:
    first = await town.report(RESIDENT)
    assert await ids(town, OFFICER, number="FCC-2026-000001") == [first["id"]]
    assert await ids(town, OFFICER, number="F") == [first["id"]]
    assert await ids(town, OFFICER, number="FCC-2026-00000-") == await ids(town, OFFICER, number="G") == []
    names = [row["attname"] for row in await town.rows(COLUMNS)]
    made = {"id": "gen_random_uuid()", "number": "'FCC-2025-' || lpad(n::text, 6, '0')"}
    copied = ", ".join(made.get(name, name) for name in names)
    await town.rows(
        f"INSERT INTO issues ({', '.join(names)}) SELECT {copied} FROM issues, generate_series(1, 3000) AS n"
        " WHERE community = $1",
        town.community,
    )
    for queue in ("search_queue", "report_queue"):  # nobody waits for these
        await town.rows(f"DELETE FROM {queue} WHERE community = $1", town.community)
    await town.rows("ANALYZE issues")
    async with town.app.state.database.reading(town.community) as connection:
        explained = Explained(connection)
        wanted = IssueFilter(number="FCC-2025-0012")
        page = await issues_seen_by(explained, town.community, OFFICER, wanted, PageAsked(limit=100))  # type: ignore[arg-type]
    assert len(page.items) == 100
    plan = explained.plans[0]
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert "issues_number" in plan
    assert "number >= " in condition
    assert "number < " in condition


async def test_a_list_shows_exactly_what_can_be_read_one_by_one(town: Town) -> None:
    everything = [
        (await town.report(RESIDENT))["id"],
        (await town.report(RESIDENT, category="neighbour_quarrel"))["id"],
        (await town.report(NEIGHBOUR, kind=IssueKind.DISPUTE))["id"],
    ]
    handled = await town.accepted(NEIGHBOUR, OFFICER, kind=IssueKind.DISPUTE)
    done(await town.post(f"/issues/{handled['id']}/assign", OFFICER, FOUR))
    everything.append(handled["id"])
    both = Principal(NEIGHBOUR.person, town.community, (*NEIGHBOUR.grants, *HANDLER.grants))
    walker = Principal(RESIDENT.person, town.community, (Grant(Role.RESIDENT), Grant(Role.GRID_WORKER)))
    for who in (*EVERYBODY, SECRETARY, both, walker):
        readable = [one for one in everything if (await town.get(f"/issues/{one}", who)).status == 200]
        assert sorted(await ids(town, who)) == sorted(readable), who
    assert len(await ids(town, both)) == 2
    assert len(await ids(town, walker)) == 2


async def test_a_list_of_issues_shows_no_text_of_residents_beyond_the_title(town: Town) -> None:
    await town.report(RESIDENT, "联系电话13800008000", title="路灯不亮")
    shown = (await town.get("/issues", OFFICER)).body.decode()
    assert "13800008000" not in shown
    assert json.loads(shown)["items"][0]["title"] == "路灯不亮"


async def test_meetings_are_listed_for_staff_and_for_those_who_take_part(town: Town) -> None:
    people = [{"person_id": str(RESIDENT.person), "seat": "resident_representative"}]
    later = await town.meeting(CHAIR, days=9, kind="wednesday", participants=people)
    sooner = await town.meeting(CHAIR, days=2)
    done(await town.post(f"/meetings/{sooner['id']}/close", CHAIR))

    async def listed(who: Principal, **filters: Any) -> list[str]:
        return [item["id"] for item in done(await town.get("/meetings", who, **filters))["items"]]

    assert await listed(SECRETARY) == [later["id"], sooner["id"]]
    assert await listed(RESIDENT) == [later["id"]]
    assert await listed(NEIGHBOUR) == []
    assert await listed(SECRETARY, kind="wednesday") == [later["id"]]
    assert await listed(SECRETARY, state="closed") == [sooner["id"]]
    page = done(await town.get("/meetings", SECRETARY, limit=1))
    rest = done(await town.get("/meetings", SECRETARY, limit=1, cursor=page["next_cursor"]))
    assert [item["id"] for item in rest["items"]] == [sooner["id"]]


async def test_the_rules_are_published_as_data(town: Town) -> None:
    table = done(await town.get("/issues/transitions", RESIDENT))
    assert len(table["states"]) == 10
    signing = [row for row in table["transitions"] if row["verb"] == "sign"]
    assert [(row["from_state"], row["to_state"], [who["code"] for who in row["who"]]) for row in signing] == [
        ("assigned", "in_progress", ["responsible_handler"])
    ]
    assigning = next(row for row in table["transitions"] if row["verb"] == "assign")
    assert [condition["code"] for condition in assigning["conditions"]] == [
        "record",
        "responsible_organisation",
        "deadline_in_future",
        "plan",
        "community_decides",
    ]
    verbs = {row["verb"] for row in table["transitions"]} - {"report", "import", "postpone", "decline"}
    verbs -= {row["verb"] for row in table["transitions"] if [who["code"] for who in row["who"]] == ["platform"]}
    routes = {route.rsplit("/", 1)[1] for route in town.app.openapi()["paths"] if "{issue_id}/" in route}
    taken = {
        route.path.rsplit("/", 1)[1]
        for steps in (steps_intake, steps_handling, steps_proposals, steps_confirming)
        for route in steps.router.routes
        if isinstance(route, APIRoute)
    }
    assert verbs - {"urge"} <= routes, "each verb of the table is a route"
    assert taken <= verbs, "a route of a step stands in the table"
