"""Filing over HTTP and in the database: for whom, from where, at which place; and what others see of it."""

from typing import Any

from services.issues.consumers import remember_a_building, remember_the_new_grid_of_a_building
from services.issues.tests.builders import (
    BUILDING,
    CENTRE_HOUSEHOLD,
    CHAIR,
    COMPOUND,
    GRID,
    GRID_WORKER,
    HANDLER,
    NEIGHBOUR,
    OFFICER,
    OTHER_GRID,
    RESIDENT,
)
from services.issues.tests.integration.test_lists import ids
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR
from services.issues.tests.integration.town import Town, done, refused
from shared.contracts.gateway import BuildingAdded, BuildingMoved
from shared.ids import new_id
from shared.principal import Role
from shared.testing.principals import a_principal

PARTNER = a_principal(Role.PARTNER, person=new_id())
A_MATTER = {"category": "street_light", "place": {"building_id": str(BUILDING)}, "text": "12号楼北侧路灯不亮"}


def for_neighbour(**more: Any) -> dict[str, Any]:
    proxy = {"person_id": str(NEIGHBOUR.person), "consent": "oral"}
    return {**A_MATTER, "source": "proxy", "proxy": {**proxy, **more}}


async def test_a_proxy_files_in_one_step_and_the_person_concerned_follows_it(town: Town) -> None:
    issue = done(await town.post("/issues", CENTRE_HOUSEHOLD, for_neighbour()), 201)
    assert issue["reported_by"] == str(NEIGHBOUR.person)
    assert issue["filing"] == {
        "filed_by": str(CENTRE_HOUSEHOLD.person),
        "origin_id": None,
        "anonymous": False,
        "proactive": False,
        "consent_way": "oral",
        "consented_at": town.clock.now().isoformat().replace("+00:00", "Z"),
    }
    for who in (NEIGHBOUR, CENTRE_HOUSEHOLD):
        assert done(await town.get(f"/issues/{issue['id']}", who))["number"] == issue["number"]
    refused(await town.get(f"/issues/{issue['id']}", RESIDENT), 404, "not-found")


async def test_a_proxy_without_consent_is_refused_by_the_name_of_the_field(town: Town) -> None:
    answer = await town.post("/issues", GRID_WORKER, for_neighbour(consent=None))
    assert (answer.status, list(answer.fields)) == (422, ["proxy.consent"])
    answer = await town.post("/issues", GRID_WORKER, for_neighbour(person_id=str(new_id())))
    assert (answer.status, list(answer.fields)) == (422, ["proxy.person_id"])
    answer = await town.post("/issues", RESIDENT, for_neighbour())
    assert (answer.status, list(answer.fields)) == (422, ["source"])


async def test_a_matter_told_at_a_meeting_keeps_the_meeting(town: Town) -> None:
    meeting = await town.meeting(CHAIR)
    told = {**A_MATTER, "source": "meeting", "origin_id": meeting["id"], "proxy": {"person_id": str(RESIDENT.person)}}
    issue = done(await town.post("/issues", CHAIR, told), 201)
    assert (issue["source"], issue["filing"]["origin_id"], issue["filing"]["proactive"]) == (
        "meeting",
        meeting["id"],
        True,
    )
    assert issue["reported_by"] == str(RESIDENT.person)
    refused(await town.post("/issues", CHAIR, {**told, "origin_id": str(new_id())}), 404, "not-found")


async def test_a_partner_files_and_reads_what_it_filed_and_nothing_else(town: Town) -> None:
    issue = done(await town.post("/issues", PARTNER, A_MATTER), 201)
    assert (issue["source"], issue["reported_by"]) == ("partner", None)
    await town.report(RESIDENT)
    assert await ids(town, PARTNER) == [issue["id"]]


async def test_an_anonymous_reporter_follows_while_nobody_learns_who_it_is(town: Town) -> None:
    issue = await town.report(RESIDENT, anonymous=True)
    accepted = done(await town.post(f"/issues/{issue['id']}/accept", OFFICER, {"tier": "general"}))
    done(await town.post(f"/issues/{issue['id']}/assign", OFFICER, FOUR))
    for who in (OFFICER, HANDLER, GRID_WORKER):
        for path in (f"/issues/{issue['id']}", f"/issues/{issue['id']}/history", "/issues"):
            assert str(RESIDENT.person) not in (await town.get(path, who)).body.decode(), (who, path)
    assert accepted["reported_by"] is None
    assert done(await town.get(f"/issues/{issue['id']}", RESIDENT))["reported_by"] == str(RESIDENT.person)


async def test_hardship_is_hidden_from_the_grid_and_never_on_a_card(town: Town) -> None:
    issue = await town.report(RESIDENT, confidential=True, consent="with_building")
    by_category = await town.report(NEIGHBOUR, category="care")
    for hidden in (issue["id"], by_category["id"]):
        for who in (GRID_WORKER, CENTRE_HOUSEHOLD):
            refused(await town.get(f"/issues/{hidden}", who), 404, "not-found")
            assert hidden not in await ids(town, who)
        assert done(await town.get(f"/issues/{hidden}", OFFICER))["kind"] == "hardship"
    answer = await town.post(f"/issues/{issue['id']}/publish", OFFICER, {"title": "困难", "summary": "困难"})
    assert answer.status == 409


async def test_a_place_says_compound_grid_and_unit_and_the_list_filters_by_them(town: Town) -> None:
    place = {"building_id": str(BUILDING), "unit": "3单元", "floor": 6, "text": "楼道"}
    issue = await town.report(RESIDENT, place=place)
    assert issue["place"] == {**place, "compound_id": str(COMPOUND), "grid_id": str(GRID)}
    compound = await town.report(RESIDENT, place={"compound_id": str(COMPOUND)})
    grid = await town.report(RESIDENT, place={"grid_id": str(OTHER_GRID)})
    assert await ids(town, OFFICER, building_id=str(BUILDING)) == [issue["id"]]
    assert await ids(town, OFFICER, compound_id=str(COMPOUND)) == [compound["id"], issue["id"]]
    assert await ids(town, OFFICER, grid_id=str(OTHER_GRID)) == [grid["id"]]
    assert await ids(town, OFFICER, source="resident", grid_id=str(GRID)) == [issue["id"]]
    for wrong, field in (
        ({"building_id": str(BUILDING), "grid_id": str(OTHER_GRID)}, "place.grid_id"),
        ({"compound_id": str(new_id())}, "place.compound_id"),
        ({"grid_id": str(new_id())}, "place.grid_id"),
        ({"text": "北门", "unit": "3单元"}, "place.building_id"),
    ):
        answer = await town.post("/issues", RESIDENT, {**A_MATTER, "place": wrong})
        assert (answer.status, list(answer.fields)) == (422, [field])


async def test_a_building_that_moves_takes_its_new_reports_with_it(town: Town) -> None:
    building = new_id()
    added = BuildingAdded(building_id=building, compound_id=COMPOUND, grid_id=GRID, name="13号楼")
    await town.tell(remember_a_building, added)
    before = await town.report(RESIDENT, place={"building_id": str(building)})
    await town.tell(remember_the_new_grid_of_a_building, BuildingMoved(building_id=building, grid_id=OTHER_GRID))
    after = await town.report(RESIDENT, place={"building_id": str(building)})
    assert (before["place"]["grid_id"], after["place"]["grid_id"]) == (str(GRID), str(OTHER_GRID))
