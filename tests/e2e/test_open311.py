"""Open311 through the gateway: read with a client from PyPI that knows nothing of us, posted to as the specification says."""

import asyncio
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import requests
from georeport import GeoReport

from shared.ids import new_id
from tests.e2e.conftest import LogIn
from tests.e2e.running import Platform

COMMUNITY, OTHER = "feicuicheng", "yuehu"
FORM = {
    "jurisdiction_id": COMMUNITY,
    "service_code": "street_light",
    "address_string": "南门 <岗亭> & 停车场",
    "phone": "13800008000",
    "first_name": "张",
}


def post(platform: Platform, form: dict[str, str], form_of_answer: str = "json", **more: Any) -> requests.Response:
    return requests.post(f"{platform.address}/open311/v2/requests.{form_of_answer}", data=form, timeout=30, **more)


def get(platform: Platform, path: str, **params: str) -> requests.Response:
    return requests.get(f"{platform.address}/open311/v2/{path}", params=params, timeout=30)


def parsed(answer: requests.Response) -> ET.Element:
    return ET.fromstring(answer.content)  # noqa: S314 - from our own platform


def errors_of(answer: requests.Response) -> list[dict[str, str]]:
    if answer.headers["content-type"].startswith("application/json"):
        found: list[dict[str, str]] = answer.json()
        return found
    return [{part.tag: part.text or "" for part in error} for error in parsed(answer)]


async def a_key(log_in: LogIn) -> str:
    admin = await log_in("community_admin")
    key = await admin.post("/api-keys", {"name": "市民热线平台", "role": "partner"})
    return str(key["secret"])


@pytest.mark.parametrize("output_format", ["json", "xml"])
async def test_a_client_from_outside_reads_everything(platform: Platform, log_in: LogIn, output_format: str) -> None:
    resident, officer = await log_in("resident"), await log_in("duty_officer")
    place = {"text": "中心花园"}
    body = {"category": "street_light", "place": place, "text": "我是李四，路灯不亮", "consent": "with_building"}
    issue = await resident.post("/issues", body)
    card = {"title": "中心花园路灯", "summary": "路灯不亮\n已报修 <&>", "shows_building": False}
    await officer.post(f"/issues/{issue['id']}/publish", card)

    client = GeoReport(f"{platform.address}/open311/v2", jurisdiction=COMMUNITY, output_format=output_format)
    services = await asyncio.to_thread(client.get_service_list)
    light = next(service for service in services if service["service_code"] == "street_light")
    assert (light["type"], str(light["metadata"]).lower()) == ("realtime", "true")
    definition = await asyncio.to_thread(client.get_service_definition, "street_light")
    assert definition["service_code"] == "street_light"
    assert "building" in str(definition["attributes"])
    request = await asyncio.to_thread(client.get_service_request, issue["number"])
    assert request["service_request_id"] == issue["number"]
    assert (request["status"], request["service_code"]) == ("open", "street_light")
    assert request["description"] == "中心花园路灯：路灯不亮\n已报修 <&>"
    assert "李四" not in str(request)
    listed = await asyncio.to_thread(client.get_service_requests, None, "street_light", None, None, "open")
    numbers = [one["service_request_id"] for one in (listed if isinstance(listed, list) else [listed])]
    assert issue["number"] in numbers
    closed = await asyncio.to_thread(get, platform, "requests.json", jurisdiction_id=COMMUNITY, status="closed")
    assert issue["number"] not in closed.text


async def test_a_program_posts_and_follows_what_it_posted(platform: Platform, log_in: LogIn) -> None:
    key = await a_key(log_in)
    form = {**FORM, "api_key": key, "description": f"消防通道被占 {new_id()}"}
    first = await asyncio.to_thread(post, platform, form)
    assert (first.status_code, first.headers["content-type"]) == (201, "application/json; charset=utf-8")
    (receipt,) = first.json()
    number = receipt["service_request_id"]
    again = await asyncio.to_thread(post, platform, form, "xml")
    assert again.headers["content-type"] == "text/xml; charset=utf-8"
    document = parsed(again)
    assert (document.tag, document.findtext("request/service_request_id")) == ("service_requests", number)

    mine = get(platform, f"requests/{number}.json", jurisdiction_id=COMMUNITY, api_key=key).json()
    assert [one["description"] for one in mine] == [form["description"]]
    assert mine[0]["address"] == FORM["address_string"]
    token = get(platform, f"tokens/{number}.json", jurisdiction_id=COMMUNITY, api_key=key).json()
    assert token == [{"service_request_id": number, "token": number}]
    assert get(platform, f"requests/{number}.json", jurisdiction_id=COMMUNITY).status_code == 404
    assert "13800008000" not in str(mine)

    officer = await log_in("duty_officer")
    issue = (await officer.get(f"/issues?number={number}"))["items"][0]
    assert (issue["number"], issue["source"]) == (number, "partner")


async def test_a_key_opens_its_own_community_only(platform: Platform, log_in: LogIn) -> None:
    key, description = await a_key(log_in), f"只在翡翠城 {new_id()}"
    (receipt,) = post(platform, {**FORM, "api_key": key, "description": description}).json()
    number = receipt["service_request_id"]
    for more in ({}, {"api_key": key}):
        assert get(platform, f"requests/{number}.json", jurisdiction_id=OTHER, **more).status_code == 404
    assert description not in get(platform, "requests.json", jurisdiction_id=OTHER).text
    elsewhere = post(platform, {**FORM, "api_key": key, "jurisdiction_id": OTHER})
    nowhere = post(platform, {**FORM, "api_key": key, "jurisdiction_id": "no-such-community"})
    assert (elsewhere.status_code, elsewhere.json()) == (404, nowhere.json())


async def test_refusals_are_lists_of_code_and_description_in_both_formats(platform: Platform, log_in: LogIn) -> None:
    key = await a_key(log_in)
    good = {**FORM, "api_key": key}
    refusals = [
        (lambda form: get(platform, f"services.{form}"), 400, "jurisdiction_id"),
        (lambda form: get(platform, f"services.{form}", jurisdiction_id="nowhere"), 404, ""),
        (lambda form: get(platform, f"services/none.{form}", jurisdiction_id=COMMUNITY), 404, "service_code"),
        (lambda form: get(platform, f"requests/none.{form}", jurisdiction_id=COMMUNITY), 404, ""),
        (lambda form: get(platform, f"requests.{form}", jurisdiction_id=COMMUNITY, status="x"), 400, "status"),
        (lambda form: get(platform, f"requests.{form}", jurisdiction_id=COMMUNITY, start_date="?"), 400, "start_date"),
        (lambda form: post(platform, {**FORM}, form), 403, "api_key"),
        (lambda form: post(platform, {**good, "api_key": "mlk_wrong"}, form), 403, ""),
        (lambda form: post(platform, {**good, "service_code": ""}, form), 400, "service_code"),
        (lambda form: post(platform, {**good, "service_code": "none_such"}, form), 404, "service_code"),
        (lambda form: post(platform, {**good, "address_string": ""}, form), 400, "place"),
        (lambda form: post(platform, {**good, "lat": "north"}, form), 400, "lat"),
        (lambda form: post(platform, {}, form, files={"media": b"x"}), 400, "form"),
    ]
    for form in ("json", "xml"):
        for number, (ask, status, said) in enumerate(refusals):
            answer = await asyncio.to_thread(ask, form)
            assert answer.status_code == status, (number, answer.text)
            for error in errors_of(answer):
                assert error.keys() == {"code", "description"}, (number, answer.text)
                assert int(error["code"]) == status
                assert said in error["description"], (number, answer.text)


async def test_discovery_names_this_endpoint(platform: Platform) -> None:
    found = get(platform, "discovery.json").json()
    (endpoint,) = found["endpoints"]
    assert endpoint["url"] == f"{platform.address}/open311/v2"
    assert set(endpoint["formats"]) == {"text/xml", "application/json"}
    assert parsed(get(platform, "discovery.xml")).findtext("endpoints/endpoint/type") == "production"


async def test_the_document_of_the_platform_tells_of_it(platform: Platform) -> None:
    paths = (await asyncio.to_thread(requests.get, f"{platform.address}/openapi.json", timeout=30)).json()["paths"]
    posting = paths["/open311/v2/requests.{form}"]["post"]
    assert posting["security"] == []
    assert "application/x-www-form-urlencoded" in posting["requestBody"]["content"]
