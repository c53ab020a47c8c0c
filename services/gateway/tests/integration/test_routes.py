"""What holds for every route of the gateway, found from its OpenAPI document: a new route is covered the day it is born."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from services.gateway.main import build
from services.gateway.permissions import PERMISSIONS, Action
from services.gateway.settings import GatewaySettings
from services.gateway.tests.builders import a_person
from services.gateway.tests.integration.running import (
    OPERATOR,
    OPERATOR_PASSWORD,
    Somebody,
    Town,
    a_town,
    log_in,
    running,
    settings_for,
)
from shared.ids import new_id
from shared.principal import Role
from shared.security.authorisation import PUBLIC, actions_by_route, permission_table
from shared.testing.bad_input import RouteCase, bad_bodies_of, good_bodies_of, names_field, routes_with_body
from shared.testing.client import Answer, Client
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import private_pem, public_pem
from shared.testing.sample_bodies import sample

NOWHERE_URL = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
APP = build(
    GatewaySettings(
        service="gateway",
        database_url=NOWHERE_URL,
        relay_database_url=NOWHERE_URL,
        nats_url="nats://127.0.0.1:1",
        principal_public_key=public_pem(),
        identity_database_url=NOWHERE_URL,
        principal_private_key=private_pem(),
    )
)
"""Never started: only its document is read."""
DOCUMENT = APP.openapi()
ACTIONS = actions_by_route(APP)
ROUTES = [(method.upper(), path) for path, operations in DOCUMENT["paths"].items() for method in operations]
GUARDED = [(method, path) for method, path in ROUTES if ACTIONS[f"{method} {path}"] != PUBLIC]
COMMANDS = [(m, p) for m, p in GUARDED if m == "POST"]
WITH_ID = [(method, path) for method, path in GUARDED if "_id}" in path and "{community}" in path]
BODIES = {(method, path): sample(schema, DOCUMENT) for method, path, schema in routes_with_body(DOCUMENT)}
NOWHERE = "00000000-0000-7000-8000-000000000000"
SUBDISTRICT_ROLES = (Role.OPERATOR, Role.SUBDISTRICT_OFFICER)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Street:
    """A community with one person for each role, and things in it."""

    town: Town
    other: Town
    persons: dict[Role, Somebody]
    ids: dict[str, str]

    @property
    def client(self) -> Client:
        return self.town.client


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(database_of: MakeDatabase, nats_of: Callable[[str], str]) -> AsyncIterator[Street]:
    """The gateway, started once for the hundreds of calls of this module."""
    settings = settings_for(
        database_of("gateway"),
        nats_of,
        requests_per_second_of_person=0,
        requests_per_second_of_address=0,
        logins_per_minute_of_account=100_000,
        logins_per_minute_of_address=100_000,
    )
    async with running(settings) as client:
        operator = await log_in(client, OPERATOR, OPERATOR_PASSWORD)
        town = await a_town(client, operator)
        other = await a_town(client, operator, town.subdistrict)
        persons = {Role.OPERATOR: operator}
        for role in Role:
            if role not in SUBDISTRICT_ROLES:
                persons[role] = await town.somebody(role.value)
        await operator.made("/communities/all/persons", a_person("officer", "subdistrict_officer"))
        persons[Role.SUBDISTRICT_OFFICER] = await log_in(client, "officer")
        yield Street(town, other, persons, await things_of(town))


async def things_of(town: Town) -> dict[str, str]:
    """Ids of things that exist."""
    office, path = town.operator, town.path
    compound = await office.made(f"{path}/compounds", {"name": "南区"})
    grid = await office.made(f"{path}/grids", {"name": "第一网格"})
    building = await office.made(
        f"{path}/buildings", {"compound_id": compound["id"], "grid_id": grid["id"], "name": "12号楼"}
    )
    household = await office.made(f"{path}/households", {"building_id": building["id"], "room": "301"})
    key = await office.made(f"{path}/api-keys", {"name": "供电公司", "role": "partner"})
    person = await office.made(f"{path}/persons", a_person(f"p{new_id().hex[-12:]}"))
    organisation = (await office.get(f"{path}/organisations")).json()["items"][0]
    return {
        "compound_id": compound["id"],
        "grid_id": grid["id"],
        "building_id": building["id"],
        "household_id": household["id"],
        "key_id": key["id"],
        "person_id": person["id"],
        "membership_id": person["memberships"][0]["id"],
        "organisation_id": organisation["id"],
    }


def filled(template: str, ids: Mapping[str, str], community: str) -> str:
    """A path with what is known filled in; everything else names nothing."""
    parts = []
    for part in template.split("/"):
        name = part[1:-1] if part.startswith("{") else None
        parts.append(part if name is None else {"community": community, **ids}.get(name, NOWHERE))
    return "/".join(parts)


async def ask(street: Street, who: Somebody | None, method: str, template: str, path: str) -> Answer:
    headers = {"Idempotency-Key": str(new_id()), **(who.headers() if who else {})}
    return await street.client.request(method, path, json=BODIES.get((method, template)), headers=headers)


@pytest.mark.parametrize(("method", "template"), GUARDED)
async def test_nobody_gets_in_without_login(street: Street, method: str, template: str) -> None:
    answer = await ask(street, None, method, template, filled(template, {}, street.town.slug))
    assert (answer.status, answer.slug) == (401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "template"), GUARDED)
async def test_each_role_gets_in_where_the_matrix_says_so(
    street: Street, method: str, template: str, role: Role
) -> None:
    answer = await ask(street, street.persons[role], method, template, filled(template, {}, street.town.slug))
    allowed = role in permission_table(APP)[f"{method} {template}"]
    # A role that cannot be granted was asked for by somebody who was let in.
    turned_away = answer.status == 403 and answer.slug != "role-not-grantable"
    assert turned_away is not allowed
    assert answer.status < 500


async def test_the_matrix_is_written_out_for_every_action() -> None:
    assert set(PERMISSIONS) == set(Action)
    assert PERMISSIONS[Action.CREATE_SUBDISTRICT] == {Role.OPERATOR}
    assert Role.PARTNER not in PERMISSIONS[Action.SEE_HOUSEHOLDS]
    assert Role.RESIDENT not in PERMISSIONS[Action.SEE_PERSONS]
    assert not {Role.SECRETARY, Role.DUTY_OFFICER} & PERMISSIONS[Action.MANAGE_MEMBERSHIPS]


@pytest.mark.parametrize(("method", "template"), WITH_ID)
async def test_things_of_another_community_look_like_missing_ones(street: Street, method: str, template: str) -> None:
    async def asked(who: Somebody, community: str, ids: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        answer = await ask(street, who, method, template, filled(template, ids, community))
        return answer.status, {k: v for k, v in answer.json().items() if k != "instance"}

    operator = street.town.operator
    foreign, missing = (
        await asked(operator, street.other.slug, street.ids),
        await asked(operator, street.other.slug, {}),
    )
    assert foreign[0] == 404
    assert foreign == missing
    stranger = street.persons[Role.COMMUNITY_ADMIN]
    there = await asked(stranger, street.other.slug, street.ids)
    assert there == await asked(stranger, "there-is-none", street.ids)
    assert (there[0], there[1]["type"]) == (404, "/problems/community-not-found")


@pytest.mark.parametrize("template", sorted({path for _, path in COMMANDS}))
async def test_bad_input_is_refused_and_named(street: Street, template: str) -> None:
    wrong = await all_of(street, [case for case in bad_bodies_of(DOCUMENT) if case.template == template])
    assert not wrong


async def test_bad_logins_and_passwords_are_refused_and_named(street: Street) -> None:
    paths = ("/api/v1/sessions", "/api/v1/me/password")
    assert not await all_of(street, [case for case in bad_bodies_of(DOCUMENT) if case.template in paths])


async def all_of(street: Street, cases: list[RouteCase]) -> list[tuple[str, int, str]]:
    """Send every bad body; returns those that were not refused as they should be."""
    wrong = []
    for case in cases:
        answer = await street.client.request(
            case.method,
            case.path(community=street.town.slug, **street.ids),
            content=case.content,
            headers={
                **street.town.operator.headers(),
                "content-type": "application/json",
                "idempotency-key": str(new_id()),
            },
        )
        refused = 400 <= answer.status < 500 and answer.slug and names_field(answer.json(), case.field)
        if not refused:
            wrong.append((str(case), answer.status, answer.body.decode()[:300]))
    return wrong


@pytest.mark.parametrize("template", sorted({path for _, path in COMMANDS}))
async def test_other_scripts_are_taken_as_they_are(street: Street, template: str) -> None:
    for case in (case for case in good_bodies_of(DOCUMENT) if case.template == template):
        answer = await street.client.request(
            case.method,
            case.path(community=street.town.slug, **street.ids),
            content=case.content,
            headers={
                **street.town.operator.headers(),
                "content-type": "application/json",
                "idempotency-key": str(new_id()),
            },
        )
        assert answer.status < 500, (str(case), answer.body)
        assert answer.status != 400, (str(case), answer.body)
        assert answer.slug != "invalid-input", (str(case), answer.body)


@pytest.mark.parametrize(("method", "template"), COMMANDS)
async def test_every_command_wants_an_idempotency_key(street: Street, method: str, template: str) -> None:
    path = filled(template, street.ids, street.town.slug)
    who = street.town.operator
    for headers in ({}, {"idempotency-key": "with space"}, {"idempotency-key": "x" * 101}):
        answer = await street.client.request(
            method, path, json=BODIES.get((method, template)), headers={**who.headers(), **headers}
        )
        assert (answer.status, answer.slug) == (400, "idempotency-key-refused")


@pytest.mark.parametrize("bad", ["abc", "1", NOWHERE + "0", "%00"])
@pytest.mark.parametrize(("method", "template"), WITH_ID)
async def test_an_id_that_is_none_is_refused(street: Street, method: str, template: str, bad: str) -> None:
    path = filled(template, dict.fromkeys(street.ids, bad), street.town.slug)
    answer = await ask(street, street.town.operator, method, template, path)
    assert 400 <= answer.status < 500


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("organisations", {"limit": "0"}),
        ("organisations", {"limit": "101"}),
        ("organisations", {"kind": "circus"}),
        ("buildings", {"grid_id": "x"}),
        ("memberships", {"role": "king"}),
        ("memberships", {"cursor": "bm90LWEtY3Vyc29y"}),
        ("households", {"person_id": "1"}),
        ("profiles", {"cursor": "WyJ4Il0"}),
        ("", {"on": "yesterday"}),
    ],
)
async def test_query_values_are_checked(street: Street, path: str, query: dict[str, str]) -> None:
    answer = await street.town.operator.get(f"{street.town.path}/{path}".rstrip("/"), **query)
    assert answer.status == 422
    assert list(answer.fields) == list(query)


@pytest.mark.parametrize("path", ["organisations", "compounds", "grids", "buildings", "memberships", "api-keys"])
async def test_lists_go_on_where_the_last_page_ended(street: Street, path: str) -> None:
    async def page(**query: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await street.town.operator.get(f"{street.town.path}/{path}", **query)).json()
        return answer

    whole = (await page(limit="100"))["items"]
    found, cursor = [], None
    while True:
        one = await page(limit="1", **({"cursor": cursor} if cursor else {}))
        found += one["items"]
        cursor = one["next_cursor"]
        if cursor is None:
            break
    assert found == whole
    assert found
