"""Another community's things do not exist: every route with an id answers as if it were missing."""

import re
from typing import Any

import aiohttp
import pytest

from deploy.demo.client import Gateway, Person
from deploy.embedded.logins import DemoLogin
from shared.ids import new_id
from shared.principal import Role
from tests.e2e.conftest import LogIn
from tests.e2e.running import Platform

OWN, OTHER = "yuehu", "feicuicheng"
NOT_IN_COMMUNITIES = {Role.OPERATOR, Role.SUBDISTRICT_OFFICER}


async def test_ids_of_another_community_answer_as_missing_ones_on_every_route(
    platform: Platform, log_in: LogIn, gateway: Gateway
) -> None:
    owner = await log_in("community_admin", OTHER)
    foreign = await some_ids(await log_in("duty_officer", OTHER), owner)
    compared = 0
    async with aiohttp.ClientSession(platform.address) as http:
        document = await (await http.get("/openapi.json")).json()
        stranger = await somebody_with_every_role(platform, gateway)
        for method, path in routes_with_ids(document):
            for name, identifier in foreign.items():
                if name not in path:
                    continue
                here = await ask(http, stranger, method, path, identifier)
                missing = await ask(http, stranger, method, path, str(new_id()))
                assert here == missing, f"{method} {path} tells that {name} exists elsewhere"
                assert here[0] in (404, 422), f"{method} {path} answered {here}"
                compared += 1
    assert compared > 30


async def test_a_community_one_does_not_belong_to_answers_as_an_unknown_one(platform: Platform, log_in: LogIn) -> None:
    async with aiohttp.ClientSession(platform.address) as http:
        document = await (await http.get("/openapi.json")).json()
        stranger = await log_in("resident", OWN)
        for method, path in [route for route in routes(document) if "{community}" in route[1]]:
            filled = re.sub(r"\{(?!community)\w+\}", str(new_id()), path)
            there = await send(http, stranger, method, filled.replace("{community}", OTHER))
            nowhere = await send(http, stranger, method, filled.replace("{community}", "no-such-community"))
            assert there == nowhere, f"{method} {path} tells that the community exists"
            if not path.endswith("/communities/{community}"):  # the directory of communities is public
                assert there[0] == 404, f"{method} {path} answered {there}"


BY_SECRET = "/meeting-calendars/{token}.ics"
"""Calendar programs cannot log in: the secret in the address opens it, and a wrong one finds nothing."""


async def test_without_login_every_tenant_route_answers_401(platform: Platform) -> None:
    async with aiohttp.ClientSession(platform.address) as http:
        document = await (await http.get("/openapi.json")).json()
        for method, path in [route for route in routes(document) if "{community}/" in route[1]]:
            filled = re.sub(r"\{\w+\}", str(new_id()), path.replace("{community}", OWN))
            async with http.request(method, filled, json={}, headers={"Idempotency-Key": "e2e"}) as answer:
                wanted = 404 if path.endswith(BY_SECRET) else 401
                assert answer.status == wanted, f"{method} {path} answered {answer.status}"


async def somebody_with_every_role(platform: Platform, gateway: Gateway) -> Person:
    """So that no missing permission hides a missing wall."""
    operator = await gateway.person(platform.login("operator", ""), OWN)
    name = f"every-role-{new_id().hex[-12:]}"
    roles = [{"role": role} for role in Role if role not in NOT_IN_COMMUNITIES]
    made = await operator.post("/persons", {"login": name, "name": "多面手", "roles": roles})
    return await gateway.person(DemoLogin("", "多面手", "Somebody", name, made["initial_password"], OWN), OWN)


async def some_ids(officer: Person, admin: Person) -> dict[str, str]:
    """Things that exist in the other community, by the name of their path parameter."""
    building = (await admin.get("/buildings?limit=1"))["items"][0]["id"]
    found = {
        "building_id": building,
        "grid_id": (await admin.get("/grids?limit=1"))["items"][0]["id"],
        "organisation_id": (await admin.get("/organisations?limit=1"))["items"][0]["id"],
        "household_id": (await admin.get("/households?limit=1"))["items"][0]["id"],
        "membership_id": (await admin.get("/memberships?limit=1"))["items"][0]["id"],
        "meeting_id": await first(officer, "/meetings?limit=1"),
        "event_id": await first(officer, "/events?limit=1"),
        "issue_id": await first(officer, "/issues?limit=1"),
    }
    return {name: identifier for name, identifier in found.items() if identifier}


async def first(person: Person, path: str) -> str:
    items = (await person.get(path))["items"]
    return str(items[0]["id"]) if items else ""


def routes(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
        if method in ("get", "post", "put", "patch", "delete")
    ]


def routes_with_ids(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(method, path) for method, path in routes(document) if "{community}/" in path and "_id}" in path]


async def ask(
    http: aiohttp.ClientSession, person: Person, method: str, path: str, identifier: str
) -> tuple[int, dict[str, Any]]:
    filled = path.replace("{community}", OWN)
    first_id = re.search(r"\{\w+_id\}", filled)
    assert first_id is not None
    filled = filled.replace(first_id[0], identifier)
    return await send(http, person, method, re.sub(r"\{\w+\}", str(new_id()), filled), identifier)


async def send(
    http: aiohttp.ClientSession, person: Person, method: str, path: str, identifier: str = ""
) -> tuple[int, dict[str, Any]]:
    """Status and problem without what differs between any two requests."""
    headers = person.headers | {"Idempotency-Key": str(new_id()), "If-Match": '"1"'}
    body: dict[str, Any] | None = None if method in ("GET", "DELETE") else {}
    async with http.request(method, path, json=body, headers=headers) as answer:
        problem = await answer.json(content_type=None)
        assert answer.status < 500, problem
        problem.pop("instance", None)
        text = {key: str(value).replace(identifier, "…") if identifier else value for key, value in problem.items()}
        return answer.status, text


@pytest.fixture(autouse=True, scope="module")
def something_to_find(platform: Platform) -> None:
    """The demo leaves an issue, a meeting, a wish and an event in the other community."""
    if platform.state is not None:
        assert platform.mulin("demo").returncode == 0
