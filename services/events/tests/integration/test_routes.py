"""What holds for every route of the service, found from its OpenAPI document: a new route is covered the day it is born."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from services.events.main import build
from services.events.permissions import PERMISSIONS, Action
from services.events.settings import EventsSettings
from services.events.tests.integration.running import EVENTS, Neighbour, running, settings_for
from shared.ids import new_id
from shared.principal import Role
from shared.security.authorisation import permission_table
from shared.testing.bad_input import RouteCase, bad_bodies_of, good_bodies_of, names_field, routes_with_body
from shared.testing.client import Answer, Client
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import COMMUNITY, a_principal, headers_of, public_pem
from shared.testing.sample_bodies import sample

APP = build(
    EventsSettings(
        service="events",
        database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        relay_database_url="postgresql+asyncpg://nobody@127.0.0.1:1/none",
        nats_url="nats://127.0.0.1:1",
        principal_public_key=public_pem(),
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
BODIES = {(method, path): sample(schema, DOCUMENT) for method, path, schema in routes_with_body(DOCUMENT)}
QUERIES = {f"{EVENTS}/attendance": {"first_day": "2026-01-01", "last_day": "2026-12-31"}}
ALL_ORGANISERS = (Role.EVENT_ORGANISER, Role.RESIDENT)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(database_of: MakeDatabase, nats_of: Callable[[str], str]) -> AsyncIterator[Client]:
    """The service, started once for the hundreds of calls of this module."""
    async with running(settings_for(database_of("events"), nats_of)) as started:
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ids(client: Client) -> dict[str, str]:
    """Ids of things that exist, for calls that change nothing."""
    return await an_arrival(client)


@pytest_asyncio.fixture(loop_scope="module")
async def fresh_ids(client: Client) -> dict[str, str]:
    """Ids of things that exist and were never touched."""
    return await an_arrival(client)


async def an_arrival(client: Client) -> dict[str, str]:
    """An event of our community that takes arrivals now, a registration for two and an arrival of one."""
    organiser, resident = (Neighbour(client, (role,), new_id()) for role in ALL_ORGANISERS)
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id)).json()["id"]
    door = f"/{event_id}/registrations/{registration}/check-ins"
    arrival = await organiser.post(door, {"nonce": "scan-0001", "persons": 1})
    return {"event_id": event_id, "registration_id": registration, "check_in_id": arrival.json()["id"]}


def filled(path: str, ids: Mapping[str, str], community: str = COMMUNITY) -> str:
    for name, value in {"community": community, **ids}.items():
        path = path.replace("{" + name + "}", value)
    return path.replace("{event_id}", NOWHERE).replace("{registration_id}", NOWHERE).replace("{check_in_id}", NOWHERE)


NOWHERE = str(UUID("00000000-0000-7000-8000-000000000000"))


async def ask(client: Client, method: str, path: str, template: str, headers: Mapping[str, str]) -> Answer:
    return await client.request(
        method, path, json=BODIES.get((method, template)), params=QUERIES.get(path, {}), headers=headers
    )


@pytest.mark.parametrize(("method", "template"), ROUTES)
async def test_nobody_gets_in_without_login(client: Client, method: str, template: str) -> None:
    answer = await ask(client, method, filled(template, {}), template, {"Idempotency-Key": "k"})
    assert (answer.status, answer.slug) == (401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "template"), ROUTES)
async def test_each_role_gets_in_where_the_matrix_says_so(
    client: Client, method: str, template: str, role: Role
) -> None:
    headers = headers_of(a_principal(role), service="events")
    answer = await ask(client, method, filled(template, {}), template, headers)
    allowed = role in permission_table(APP)[f"{method} {template}"]
    assert (answer.status != 403) is allowed
    assert answer.status < 500


async def test_the_matrix_is_written_out_for_every_action() -> None:
    assert set(PERMISSIONS) == set(Action)
    assert Role.RESIDENT not in PERMISSIONS[Action.MANAGE_EVENTS]
    assert Role.PARTNER not in PERMISSIONS[Action.REGISTER]


@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if "_id}" in route[1]])
async def test_ids_of_another_community_look_like_missing_ones(
    client: Client, ids: dict[str, str], method: str, template: str
) -> None:
    async def as_stranger(community: str, given: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        headers = headers_of(a_principal(*ALL_ORGANISERS, community="xinhua"), service="events")
        answer = await ask(client, method, filled(template, given, community), template, headers)
        return answer.status, {k: v for k, v in answer.json().items() if k != "instance"}

    foreign, missing = await as_stranger("xinhua", ids), await as_stranger("xinhua", {})
    assert foreign[0] == 404
    assert foreign == missing
    assert (await as_stranger(COMMUNITY, ids))[0] == 404, "nor through the path of the other community"


@pytest.mark.parametrize("case", bad_bodies_of(DOCUMENT), ids=str)
async def test_bad_input_is_refused_and_named(client: Client, ids: dict[str, str], case: RouteCase) -> None:
    headers = headers_of(a_principal(*ALL_ORGANISERS), service="events")
    answer = await client.request(
        case.method,
        case.path(community=COMMUNITY, **ids),
        content=case.content,
        headers={**headers, "content-type": "application/json"},
    )
    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert names_field(answer.json(), case.field), answer.json()


@pytest.mark.parametrize("case", good_bodies_of(DOCUMENT), ids=str)
async def test_other_scripts_are_taken_as_they_are(client: Client, fresh_ids: dict[str, str], case: RouteCase) -> None:
    headers = headers_of(a_principal(*ALL_ORGANISERS), service="events")
    answer = await client.request(
        case.method,
        case.path(community=COMMUNITY, **fresh_ids),
        content=case.content,
        headers={**headers, "content-type": "application/json"},
    )
    assert answer.status < 500
    assert answer.status != 400
    assert answer.status != 422 or answer.slug in {"event-invalid", "particulars-refused"}, answer.json()


@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if route[0] == "POST"])
async def test_every_command_wants_an_idempotency_key(
    client: Client, ids: dict[str, str], method: str, template: str
) -> None:
    headers = headers_of(a_principal(*ALL_ORGANISERS), service="events")
    del headers["Idempotency-Key"]
    answer = await ask(client, method, filled(template, ids), template, headers)
    assert (answer.status, answer.slug) == (400, "idempotency-key-refused")


@pytest.mark.parametrize("bad", ["abc", "1", NOWHERE + "0"])
@pytest.mark.parametrize(("method", "template"), [route for route in ROUTES if "_id}" in route[1]])
async def test_an_id_that_is_none_is_refused(client: Client, method: str, template: str, bad: str) -> None:
    path = filled(template, dict.fromkeys(("event_id", "registration_id", "check_in_id"), bad))
    headers = headers_of(a_principal(*ALL_ORGANISERS), service="events")
    answer = await ask(client, method, path, template, headers)
    assert 400 <= answer.status < 500
