"""What holds for every route of the service, found from its OpenAPI document: a new route is covered the day it is born."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.notify.main import build
from services.notify.permissions import PERMISSIONS, Action
from services.notify.settings import NotifySettings
from services.notify.tests.builders import an_issue_registered
from services.notify.tests.integration.running import KEY, Caller, running, settings_for, the_town, until
from shared.ids import new_id
from shared.principal import Role
from shared.security.authorisation import permission_table
from shared.testing.bad_input import RouteCase, bad_bodies_of, good_bodies_of, names_field, routes_with_body
from shared.testing.client import Answer, Client
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import COMMUNITY, a_principal, headers_of, public_pem
from shared.testing.sample_bodies import sample
from shared.testing.servers import Nats

SEED = "SAANDLKMXL6CUS3CP52WIXBEDN6YJ545GDKC65U5JZPPV6WH6ESWUA6YAI"
"""A well-known example of an issuer's seed; this app never starts."""
APP = build(
    NotifySettings(
        service="notify",
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        relay_database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        nats_url="nats://127.0.0.1:1",
        principal_public_key=public_pem(),
        data_key=KEY,
        nats_issuer_seed=SEED,
    )
)
"""Never started: only its document is read."""
DOCUMENT = APP.openapi()
ROUTES = [
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if "{community}" in path
]
WITH_ID = [route for route in ROUTES if "_id}" in route[1]]
BODIES = {(method, path): sample(schema, DOCUMENT) for method, path, schema in routes_with_body(DOCUMENT)}
PARTNER = new_id()
ORGANISATION = new_id()
NOWHERE = str(UUID("00000000-0000-7000-8000-000000000000"))

pytestmark = pytest.mark.asyncio(loop_scope="module")


def a_partner(community: str = COMMUNITY) -> dict[str, str]:
    """Headers of somebody who may do everything here."""
    principal = a_principal(Role.PARTNER, person=PARTNER, organisation=ORGANISATION, community=community)
    return headers_of(principal, service="notify")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(database_of: MakeDatabase, nats_server: Nats) -> AsyncIterator[Client]:
    """The service, started once for the hundreds of calls of this module."""
    async with running(settings_for(database_of("notify"), nats_server)) as started:
        yield started


async def made_ids(client: Client, server: Nats) -> dict[str, str]:
    """Ids of a subscription with a delivery, and of a notification of the same person."""
    partner = Caller(client, (Role.PARTNER,), PARTNER, ORGANISATION)
    made = await partner.subscribes(channel="nats")
    delivery = (await partner.post(f"/subscriptions/{made['id']}/ping")).json()["id"]
    async with the_town(server) as town:
        await town.says(an_issue_registered(reported_by=PARTNER))
    notification = (await until(partner.inbox))[0]["id"]
    return {"subscription_id": made["id"], "delivery_id": delivery, "notification_id": notification}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ids(client: Client, nats_server: Nats) -> dict[str, str]:
    """Ids of things that exist, for calls that change nothing."""
    return await made_ids(client, nats_server)


def filled(path: str, ids: Mapping[str, str], community: str = COMMUNITY) -> str:
    for name in ("subscription_id", "delivery_id", "notification_id"):
        path = path.replace("{" + name + "}", ids.get(name, NOWHERE))
    return path.replace("{community}", community)


async def ask(client: Client, method: str, path: str, template: str, headers: Mapping[str, str]) -> Answer:
    return await client.request(method, path, json=BODIES.get((method, template)), headers=headers)


@pytest.mark.parametrize(("method", "template"), ROUTES)
async def test_nobody_gets_in_without_login(client: Client, method: str, template: str) -> None:
    answer = await ask(client, method, filled(template, {}), template, {"Idempotency-Key": "k"})
    assert (answer.status, answer.slug) == (401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "template"), ROUTES)
async def test_each_role_gets_in_where_the_matrix_says_so(
    client: Client, method: str, template: str, role: Role
) -> None:
    headers = headers_of(a_principal(role, organisation=new_id()), service="notify")
    answer = await ask(client, method, filled(template, {}), template, headers)
    allowed = role in permission_table(APP)[f"{method} {template}"]
    assert (answer.status != 403) is allowed
    assert answer.status < 500


async def test_the_matrix_is_written_out_for_every_action() -> None:
    assert set(PERMISSIONS) == set(Action)
    assert all(Role.RESIDENT not in roles for roles in PERMISSIONS.values())
    assert PERMISSIONS[Action.CHANGE_SUBSCRIPTION] == {Role.PARTNER}


@pytest.mark.parametrize(("method", "template"), WITH_ID)
async def test_ids_of_another_community_look_like_missing_ones(
    client: Client, ids: dict[str, str], method: str, template: str
) -> None:
    async def as_stranger(community: str, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        answer = await ask(client, method, filled(template, given, community), template, a_partner("xinhua"))
        return answer.status, {k: v for k, v in answer.json().items() if k != "instance"}

    foreign, missing = await as_stranger("xinhua", ids), await as_stranger("xinhua", {})
    assert foreign[0] == 404
    assert foreign == missing
    assert (await as_stranger(COMMUNITY, ids))[0] == 404, "nor through the path of the other community"


@pytest.mark.parametrize(("method", "template"), WITH_ID)
async def test_ids_of_another_person_or_organisation_look_like_missing_ones(
    client: Client, ids: dict[str, str], method: str, template: str
) -> None:
    async def as_other(given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        headers = headers_of(a_principal(Role.PARTNER, organisation=new_id()), service="notify")
        answer = await ask(client, method, filled(template, given), template, headers)
        return answer.status, {k: v for k, v in answer.json().items() if k != "instance"}

    foreign, missing = await as_other(ids), await as_other({})
    assert foreign[0] == 404
    assert foreign == missing


@pytest.mark.parametrize("case", bad_bodies_of(DOCUMENT), ids=str)
async def test_bad_input_is_refused_and_named(client: Client, ids: dict[str, str], case: RouteCase) -> None:
    answer = await client.request(
        case.method,
        case.path(community=COMMUNITY, **ids),
        content=case.content,
        headers={**a_partner(), "content-type": "application/json"},
    )
    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert names_field(answer.json(), case.field), answer.json()


@pytest.mark.parametrize("case", good_bodies_of(DOCUMENT), ids=str)
async def test_other_scripts_are_taken_as_they_are(client: Client, ids: dict[str, str], case: RouteCase) -> None:
    answer = await client.request(
        case.method,
        case.path(community=COMMUNITY, **ids),
        content=case.content,
        headers={**a_partner(), "content-type": "application/json"},
    )
    assert answer.status < 500
    assert answer.status != 400
    refused_for_its_meaning = {"address-refused", "filter-not-possible", "organisation-not-clear"}
    assert answer.status != 422 or answer.slug in refused_for_its_meaning, answer.json()


@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if route[0] == "POST"])
async def test_every_command_wants_an_idempotency_key(
    client: Client, ids: dict[str, str], method: str, template: str
) -> None:
    headers = a_partner()
    del headers["Idempotency-Key"]
    answer = await ask(client, method, filled(template, ids), template, headers)
    assert (answer.status, answer.slug) == (400, "idempotency-key-refused")


@pytest.mark.parametrize("bad", ["abc", "1", NOWHERE + "0"])
@pytest.mark.parametrize(("method", "template"), WITH_ID)
async def test_an_id_that_is_none_is_refused(client: Client, method: str, template: str, bad: str) -> None:
    path = filled(template, dict.fromkeys(("subscription_id", "delivery_id", "notification_id"), bad))
    answer = await ask(client, method, path, template, a_partner())
    assert 400 <= answer.status < 500


@pytest.mark.parametrize("template", [path for method, path in ROUTES if method == "GET"])
@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"cursor": "%%%"}, {"cursor": "e30"}, {"unread": "2"}]
)
async def test_bad_queries_never_break_anything(
    client: Client, ids: dict[str, str], template: str, query: dict[str, str]
) -> None:
    answer = await client.get(filled(template, ids), params=query, headers=a_partner())
    assert answer.status in (200, 422)
