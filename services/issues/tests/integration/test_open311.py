"""Open311 inside: a partner's program files and reads what is its own, everybody else what is public, and no person anywhere."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.issues.domain.open311 import TWIN_WITHIN
from services.issues.tests.builders import BUILDING, NOW, OFFICER, RESIDENT
from services.issues.tests.integration.town import Town, done, refused
from shared.ids import new_id
from shared.principal import Grant, Principal, Role

PROGRAM = Principal(new_id(), None, (Grant(Role.PARTNER),), "api_key")
OTHER_PROGRAM = Principal(new_id(), None, (Grant(Role.PARTNER),), "api_key")
STRANGER = Principal(UUID(int=0), None, (), "system")
MATTER = {
    "service_code": "street_light",
    "description": "配电箱门敞开，请联系13800008000",
    "address_id": str(BUILDING),
    "unit": "2单元",
}
CARD = {"title": "12号楼配电箱", "summary": "配电箱门敞开", "shows_building": True}


async def filed(town: Town, who: Principal = PROGRAM, **changes: Any) -> str:
    answer = done(await town.post("/open311/requests", who, {**MATTER, **changes}), 201)
    number: str = answer["service_request_id"]
    return number


async def numbers(town: Town, who: Principal, **params: Any) -> list[str]:
    return [item["service_request_id"] for item in done(await town.get("/open311/requests", who, **params))["items"]]


async def public_issue(town: Town) -> Any:
    issue = await town.report(RESIDENT, "我是张三，12号楼配电箱门敞开", consent="with_building")
    return done(await town.post(f"/issues/{issue['id']}/publish", OFFICER, CARD))


async def test_categories_are_services_and_their_form_knows_the_buildings(town: Town) -> None:
    services = done(await town.get("/open311/services", STRANGER))["items"]
    light = next(service for service in services if service["service_code"] == "street_light")
    assert (light["type"], light["metadata"]) == ("realtime", True)
    assert light["group"] != ""
    assert light["service_name"] in light["keywords"]
    form = done(await town.get("/open311/services/street_light", STRANGER))
    building, unit = form["attributes"]
    assert (building["code"], building["datatype"]) == ("building", "singlevaluelist")
    assert building["values"] == [{"key": str(BUILDING), "name": "12号楼"}]
    assert (unit["code"], unit["datatype"], unit["values"]) == ("unit", "string", [])


async def test_a_filed_request_is_an_issue_of_a_partner(town: Town) -> None:
    number = await filed(town)
    (issue,) = done(await town.get("/issues", OFFICER))["items"]
    assert (issue["number"], issue["source"], issue["category"]) == (number, "partner", "street_light")
    full = done(await town.get(f"/issues/{issue['id']}", OFFICER))
    assert (full["text"], full["reported_by"], full["place"]["unit"]) == (MATTER["description"], None, "2单元")
    assert await town.published(issue["id"]) == ["issue_registered"]
    (row,) = await town.rows("SELECT filed_by FROM issues WHERE community = $1", town.community)
    assert row["filed_by"] == PROGRAM.person


async def test_only_its_program_reads_a_private_request(town: Town) -> None:
    number = await filed(town)
    own = done(await town.get(f"/open311/requests/{number}", PROGRAM))
    assert (own["status"], own["description"], own["service_code"]) == ("open", MATTER["description"], "street_light")
    assert own["address"] == "翡翠城 12号楼 2单元"
    assert own["requested_datetime"] == "2026-11-25T10:00:00Z"
    assert await numbers(town, PROGRAM) == [number]
    (row,) = await town.rows("SELECT id FROM issues WHERE community = $1", town.community)
    for who in (STRANGER, OTHER_PROGRAM, RESIDENT):
        assert await numbers(town, who) == []
        assert await numbers(town, who, service_request_id=number) == []
        for path in (f"requests/{number}", f"tokens/{number}", f"tokens/{row['id']}"):
            refused(await town.get(f"/open311/{path}", who), 404, "not-found")
    for token in (number, str(row["id"])):
        assert done(await town.get(f"/open311/tokens/{token}", PROGRAM)) == {
            "service_request_id": number,
            "token": token,
        }


async def test_everybody_reads_the_card_and_never_the_words_of_the_reporter(town: Town) -> None:
    issue = await public_issue(town)
    await town.report(RESIDENT, "不公开的事")
    for who in (STRANGER, PROGRAM):
        (shown,) = done(await town.get("/open311/requests", who))["items"]
        assert shown["service_request_id"] == issue["number"]
        assert shown["description"] == "12号楼配电箱：配电箱门敞开"
        text = json.dumps(shown, ensure_ascii=False)
        assert "张三" not in text
        assert str(RESIDENT.person) not in text
        assert shown["expected_datetime"] is None
    taken = await town.post(f"/issues/{issue['id']}/unpublish", OFFICER, {})
    done(taken)
    assert await numbers(town, STRANGER) == []


async def test_what_is_confidential_is_not_even_public_by_mistake(town: Town) -> None:
    issue = await public_issue(town)
    await town.rows("UPDATE issues SET category = 'care' WHERE community = $1", town.community)
    assert await numbers(town, STRANGER) == []
    refused(await town.get(f"/open311/requests/{issue['number']}", STRANGER), 404, "not-found")


async def test_the_same_within_ten_minutes_is_one_request_also_at_the_same_moment(town: Town) -> None:
    both = await asyncio.gather(*(filed(town) for _ in range(4)))
    assert len(set(both)) == 1
    assert len({await filed(town), *both}) == 1
    others = [
        await filed(town, description="另一件事"),
        await filed(town, address_id=None, unit=None, address_string="南门"),
        await filed(town, service_code="noise"),
        await filed(town, OTHER_PROGRAM),
        await filed(town, unit="3单元"),
        await filed(town, unit=None),
    ]
    assert len({*both, *others}) == 7
    assert {await filed(town), await filed(town, unit="3单元")} == {both[0], others[-2]}
    town.clock.advance(TWIN_WITHIN + timedelta(seconds=1))
    assert await filed(town) not in {*both, *others}


async def test_a_place_in_words_coordinates_or_both(town: Town) -> None:
    number = await filed(town, address_id=None, unit=None, address_string="南门", lat=36.86, long=120.53)
    own = done(await town.get(f"/open311/requests/{number}", PROGRAM))
    assert (own["address"], own["lat"], own["long"]) == ("南门；WGS84 36.860000, 120.530000", None, None)
    number = await filed(town, description=None, address_id=None, unit=None, lat=0, long=0)
    own = done(await town.get(f"/open311/requests/{number}", PROGRAM))
    assert own["description"] == own["service_name"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address_id": str(new_id())}, "place.building_id"),
        ({"address_id": None, "unit": None}, "place"),
        ({"address_id": None, "address_string": "南门"}, "place.building_id"),
        ({"lat": 91.0}, "lat"),
        ({"phone": "13800008000"}, "phone"),
    ],
)
async def test_what_cannot_be_filed(town: Town, changes: dict[str, Any], field: str) -> None:
    answer = await town.post("/open311/requests", PROGRAM, {**MATTER, **changes})
    assert (answer.status, list(answer.fields)) == (422, [field])


async def test_an_unknown_service_is_not_found(town: Town) -> None:
    answer = await town.post("/open311/requests", PROGRAM, {**MATTER, "service_code": "no_such"})
    refused(answer, 404, "service-not-found")
    refused(await town.get("/open311/services/no_such", STRANGER), 404, "service-not-found")


async def test_only_a_partner_files(town: Town) -> None:
    for who in (STRANGER, RESIDENT, OFFICER):
        refused(await town.post("/open311/requests", who, MATTER), 403, "forbidden")


async def test_filters_and_pages(town: Town) -> None:
    first = await filed(town)
    town.clock.advance(timedelta(days=40))
    second = await filed(town, service_code="noise")
    town.clock.advance(timedelta(days=55))
    third = await filed(town)
    assert await numbers(town, PROGRAM) == [third, second]
    assert await numbers(town, PROGRAM, service_request_id=f"{first},{third}") == [third, first]
    assert await numbers(town, PROGRAM, service_code="noise,rubbish") == [second]
    assert await numbers(town, PROGRAM, page_size=1, page=2) == [second]
    start = NOW.isoformat().replace("+00:00", "Z")
    assert await numbers(town, PROGRAM, start_date=start) == [second, first]
    end = (NOW + timedelta(days=1)).isoformat().replace("+00:00", "Z")
    assert await numbers(town, PROGRAM, end_date=end) == [first]
    assert await numbers(town, PROGRAM, status="closed") == []
    assert await numbers(town, PROGRAM, status="open,closed") == [third, second]
    wide = {"start_date": start, "end_date": (NOW + timedelta(days=91)).isoformat().replace("+00:00", "Z")}
    refused(await town.get("/open311/requests", PROGRAM, **wide), 422, "span-refused")
    refused(await town.get("/open311/requests", PROGRAM, start_date="2026-11-25T00:00:00"), 422, "span-refused")
    refused(await town.get("/open311/requests", PROGRAM, page=1000, page_size=2), 422, "too-far-back")


async def test_a_closed_issue_is_closed(town: Town) -> None:
    issue = await town.report(RESIDENT, consent="with_building")
    done(await town.post(f"/issues/{issue['id']}/publish", OFFICER, CARD))
    done(await town.post(f"/issues/{issue['id']}/withdraw", RESIDENT, {"reason": "已好"}))
    (shown,) = done(await town.get("/open311/requests", STRANGER, status="closed"))["items"]
    assert (shown["status"], shown["status_notes"].split("。")[0]) == ("closed", "已办结 closed")


async def test_another_community_has_nothing_of_it(town: Town) -> None:
    number = await filed(town)
    other = Town(town.app, town.database, town.clock)
    await other.found()
    assert await numbers(other, PROGRAM) == []
    refused(await other.get(f"/open311/requests/{number}", PROGRAM), 404, "not-found")
