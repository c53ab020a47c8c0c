"""Who may call what: the matrix, the tenant of the path, and every route × every role of an app."""

import pytest

from shared.database.engine import Database
from shared.principal import Principal, Role
from shared.security.authorisation import (
    EVERY_ROLE,
    actions_by_route,
    permission_table,
    routes_without_action,
)
from shared.testing.client import Client
from shared.testing.principals import a_principal, headers_of
from shared.tests.http.notes_app import PERMISSIONS, PREFIX, SERVICE, Action, build

NOTES = "/api/v1/communities/feicuicheng/notes"
A_NOTE = f"{NOTES}/019ab1c2-0000-7000-8000-000000000000"


@pytest.fixture
def client() -> Client:
    """An app whose database is not there: whoever gets past the walls gets 503."""
    return Client(build(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="walls")))


def headers(principal: Principal, service: str = SERVICE) -> dict[str, str]:
    return headers_of(principal, service=service)


@pytest.mark.parametrize("role", list(Role))
async def test_every_route_lets_in_the_roles_of_its_action_and_no_other(client: Client, role: Role) -> None:
    for route, allowed in permission_table(client.app).items():
        method, template = route.split(" ")
        if "communities" not in template or "slowly" in template:
            continue
        path = template.replace("{community}", "feicuicheng").replace("{note_id}", A_NOTE.rsplit("/", 1)[1])
        body = {"text": "x"} if route == f"POST {PREFIX}/notes" else None
        answer = await client.request(method, path, json=body, headers=headers(a_principal(role)))
        if role in allowed:
            assert answer.status in (200, 503), (route, role)
        else:
            assert (answer.status, answer.slug) == (403, "forbidden"), (route, role)


async def test_several_roles_add_up(client: Client) -> None:
    both = a_principal(Role.VOLUNTEER, Role.SECRETARY)
    assert (await client.post(f"{A_NOTE}/star", headers=headers(both))).status == 503


async def test_nobody_in_particular_gets_in_nowhere(client: Client) -> None:
    for route, action in actions_by_route(client.app).items():
        method, template = route.split(" ")
        if action == "public":
            continue
        path = template.replace("{community}", "feicuicheng").replace("{note_id}", A_NOTE.rsplit("/", 1)[1])
        for given in ({}, {"X-Mulin-Principal": "nonsense"}, {"X-Mulin-Principal": ""}):
            answer = await client.request(method, path, headers=given)
            assert (answer.status, answer.slug) == (401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_for_another_service_opens_nothing(client: Client) -> None:
    answer = await client.get(NOTES, headers=headers(a_principal(Role.SECRETARY), service="volunteers"))
    assert answer.status == 401


async def test_another_community_looks_like_nothing(client: Client) -> None:
    elsewhere = headers(a_principal(*Role, community="haitang"))
    for method, path in (("GET", NOTES), ("GET", A_NOTE), ("POST", f"{A_NOTE}/star"), ("GET", f"{NOTES}/mine")):
        answer = await client.request(method, path, headers=elsewhere)
        assert (answer.status, answer.slug) == (404, "not-found")
    nowhere = headers(a_principal(Role.SECRETARY, community=None))
    assert (await client.get(NOTES, headers=nowhere)).status == 404


async def test_identity_headers_that_anybody_could_write_mean_nothing(client: Client) -> None:
    forged = {"X-Tenant-Id": "feicuicheng", "X-User-Id": "1", "X-Roles": "secretary", "Authorization": "Bearer x"}
    assert (await client.get(NOTES, headers=forged)).status == 401


async def test_the_walls_stand_before_the_body_is_read(client: Client) -> None:
    answer = await client.post(NOTES, json={"nonsense": 1}, headers=headers(a_principal(Role.VOLUNTEER)))
    assert answer.status == 403


def test_every_route_of_the_sample_says_who_may_call_it(client: Client) -> None:
    assert routes_without_action(client.app) == []
    table = permission_table(client.app)
    assert table[f"POST {PREFIX}/notes"] == PERMISSIONS[Action.WRITE_NOTE]
    assert table["GET /api/v1/greeting"] == EVERY_ROLE
