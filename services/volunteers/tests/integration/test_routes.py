"""What holds for every route of the service, found from its OpenAPI document: a new route is covered the day it is born."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.volunteers.permissions import PERMISSIONS, Action
from services.volunteers.tests.integration.ledgers import give
from services.volunteers.tests.integration.running import Neighbour, Stores, an_app_never_started
from shared.principal import Role
from shared.security.authorisation import permission_table
from shared.testing.bad_input import bad_bodies_of, good_bodies_of, names_field, routes_with_body
from shared.testing.client import Answer, Client
from shared.testing.principals import COMMUNITY, a_principal, headers_of
from shared.testing.sample_bodies import sample

APP = an_app_never_started()
DOCUMENT = APP.openapi()
ROUTES = [
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if "{community}" in path
]
BODIES = {(method, path): sample(schema, DOCUMENT) for method, path, schema in routes_with_body(DOCUMENT)}
BAD, GOOD = bad_bodies_of(DOCUMENT), good_bodies_of(DOCUMENT)
WITH_ID = [route for route in ROUTES if route[1].count("{") > 1]
POSTS = [route for route in ROUTES if route[0] == "POST"]
NOWHERE = {
    **dict.fromkeys(
        ("wish_id", "person", "transfer_id", "hold_id", "adjustment_id"), "00000000-0000-7000-8000-000000000000"
    ),
    "code": "no_such_rule",
    "version": "7",
}
EVERYTHING = tuple(Role)


def filled(template: str, ids: Mapping[str, str] = NOWHERE, community: str = COMMUNITY) -> str:
    for name, value in {**NOWHERE, **ids, "community": community}.items():
        template = template.replace("{" + name + "}", value)
    return template


async def ask(client: Client, method: str, path: str, template: str, headers: Mapping[str, str]) -> Answer:
    params = {"purpose": "review"} if path.endswith("/beneficiary") else {}
    return await client.request(method, path, json=BODIES.get((method, template)), params=params, headers=headers)


def as_everybody(community: str = COMMUNITY, **more: str) -> dict[str, str]:
    return {**headers_of(a_principal(*EVERYTHING, community=community), service="volunteers"), **more}


async def test_nobody_gets_in_without_login(client: Client) -> None:
    for method, template in ROUTES:
        answer = await ask(client, method, filled(template), template, {"Idempotency-Key": "k"})
        assert (answer.status, answer.slug) == (401, "unauthenticated"), template


async def test_each_role_gets_in_exactly_where_the_matrix_says_so(client: Client) -> None:
    table = permission_table(client.app)
    for method, template in ROUTES:
        for role in Role:
            headers = headers_of(a_principal(role), service="volunteers")
            answer = await ask(client, method, filled(template), template, headers)
            assert (answer.slug != "forbidden") is (role in table[f"{method} {template}"]), (method, template, role)
            assert answer.status < 500, (method, template, role)


def test_the_matrix_is_written_out_for_every_action_and_keeps_points_with_the_points_office() -> None:
    assert set(PERMISSIONS) == set(Action)
    for action in (Action.AWARD_POINTS, Action.DEBIT_POINTS, Action.REVERSE_TRANSFER, Action.CAPTURE_HOLD):
        assert PERMISSIONS[action] == {Role.POINTS_OFFICER}
    assert all(Role.OPERATOR not in roles for roles in PERMISSIONS.values())


@pytest.fixture
async def ids(
    stores: Stores, resident: Neighbour, officer: Neighbour, volunteer: Neighbour, points_officer: Neighbour
) -> dict[str, str]:
    """One of everything, in our community."""
    wish_id = await resident.wishes()
    await officer.post(f"/wishes/{wish_id}/publish", {})
    await volunteer.post(f"/wishes/{wish_id}/claim")
    await give(stores, COMMUNITY, volunteer.person, 90)
    debit = {"person": str(volunteer.person), "points": 1, "reason": "茶"}
    transfer = await points_officer.post("/points/debits", debit)
    hold = await volunteer.post("/points/holds", {"points": 2, "reason": "伞"})
    adjustment = await points_officer.post("/points/adjustments", {**debit, "points": 3})
    made = {answer.status for answer in (transfer, hold, adjustment)}
    assert made == {201}
    return {
        "wish_id": wish_id,
        "person": str(volunteer.person),
        "transfer_id": transfer.json()["id"],
        "hold_id": hold.json()["id"],
        "adjustment_id": adjustment.json()["id"],
        "code": "wish_lit",
        "version": "1",
    }


async def test_ids_of_another_community_look_like_missing_ones(client: Client, ids: dict[str, str]) -> None:
    async def told(community: str, path_community: str, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        path = filled(template, given, path_community)
        answer = await ask(client, method, path, template, as_everybody(community))
        return answer.status, {name: value for name, value in answer.json().items() if name != "instance"}

    for method, template in WITH_ID:
        for path_community in ("xinhua", COMMUNITY):
            foreign, missing = await told("xinhua", path_community, ids), await told("xinhua", path_community, NOWHERE)
            assert foreign[0] == 404, (method, template, foreign)
            assert foreign == missing, (method, template)


async def test_bad_input_is_refused_and_named(client: Client) -> None:
    wrong = []
    for case in BAD:
        answer = await client.request(
            case.method,
            filled(case.template),
            content=case.content,
            headers=as_everybody(**{"content-type": "application/json"}),
        )
        if not (400 <= answer.status < 500 and answer.slug and names_field(answer.json(), case.field)):
            wrong.append((str(case), answer.status, answer.body.decode()[:200]))
    assert not wrong
    assert len(BAD) > 300


async def test_other_scripts_are_taken_as_they_are(client: Client) -> None:
    wrong = []
    for case in GOOD:
        answer = await client.request(
            case.method,
            filled(case.template),
            content=case.content,
            headers=as_everybody(**{"content-type": "application/json"}),
        )
        refused_as_input = answer.status in {400, 422} and answer.slug != "points-rule-not-in-force"
        if answer.status >= 500 or refused_as_input:
            wrong.append((str(case), answer.status, answer.body.decode()[:200]))
    assert not wrong
    assert GOOD


async def test_every_command_wants_an_idempotency_key(client: Client) -> None:
    for method, template in POSTS:
        headers = as_everybody()
        del headers["Idempotency-Key"]
        answer = await ask(client, method, filled(template), template, headers)
        assert (answer.status, answer.slug) == (400, "idempotency-key-refused"), template


@pytest.mark.parametrize("bad", ["abc", "1", "00000000-0000-7000-8000-0000000000000", "路灯"])
async def test_an_id_that_is_none_is_refused(client: Client, bad: str) -> None:
    for method, template in WITH_ID:
        answer = await ask(client, method, filled(template, dict.fromkeys(NOWHERE, bad)), template, as_everybody())
        assert 400 <= answer.status < 500, (method, template)
        assert answer.slug, (method, template)


LISTS = [path for method, path in ROUTES if method == "GET" and "Page_" in str(DOCUMENT["paths"][path]["get"])]


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "bm90LWEtY3Vyc29y"), ("cursor", "*")],
)
async def test_lists_refuse_bad_pages_by_name(client: Client, name: str, value: str) -> None:
    assert len(LISTS) >= 7
    for template in LISTS:
        answer = await client.get(filled(template), headers=as_everybody(), params={name: value})
        if answer.slug != "person-not-found":
            assert (answer.status, list(answer.fields)) == (422, [name]), template
