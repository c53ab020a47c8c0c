"""Operators and dead letters: over HTTP and on the command line."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from shared.contracts.issues import IssueWithdrawn
from shared.http.app import create_app
from shared.ids import new_id
from shared.messaging.commands import run_command
from shared.messaging.operations import OPERATION_PERMISSIONS
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.principals import a_principal, authenticate, headers_of
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.test_failing_messages import Moody, have_died
from shared.tests.messaging.world import Service, effects, until, withdrawn

NatsOf = Callable[[str], str]
LETTERS = "/api/v1/operations/volunteers/dead-letters"


class Office:
    """A service with three dead letters and an operator who looks at them."""

    def __init__(self, service: Service, moody: Moody, client: Client, aggregates: list[UUID]) -> None:
        self.service, self.moody, self.client, self.aggregates = service, moody, client, aggregates


@pytest.fixture
async def office(issues: Database, volunteers: Database, start: Start, nats_of: NatsOf) -> AsyncIterator[Office]:
    aggregates = [new_id() for _ in range(3)]
    moody = Moody(*aggregates)
    publisher = await start(issues, nats_of("issues"))
    consumer = await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    await until(lambda: have_died(volunteers, 3), "not given up")
    app = create_app(
        service="volunteers",
        routers=[consumer.messaging.router],
        permissions=OPERATION_PERMISSIONS,
        authenticate=authenticate("volunteers"),
    )
    async with Client(app) as client:
        yield Office(consumer, moody, client, aggregates)


def operator() -> dict[str, str]:
    return headers_of(a_principal(Role.OPERATOR, community=None), service="volunteers")


async def test_only_operators_see_and_replay(office: Office) -> None:
    everybody_else = headers_of(a_principal(*(set(Role) - {Role.OPERATOR})), service="volunteers")
    for send, path in ((office.client.get, LETTERS), (office.client.post, f"{LETTERS}/{new_id()}/replay")):
        assert (await send(path)).status == 401
        assert (await send(path, headers=everybody_else)).status == 403


async def test_the_list_has_pages_and_filters_and_no_bodies(office: Office) -> None:
    first = (await office.client.get(LETTERS, params={"limit": 2}, headers=operator())).json()
    assert len(first["items"]) == 2
    second = (
        await office.client.get(LETTERS, params={"limit": 2, "cursor": first["next_cursor"]}, headers=operator())
    ).json()
    items = [*first["items"], *second["items"]]
    assert second["next_cursor"] is None
    assert len({item["id"] for item in items}) == 3
    assert {item["consumer"] for item in items} == {"volunteers-issues"}
    assert {item["type"] for item in items} == {"issues.issue_withdrawn.v1"}
    assert all("body" not in item and item["replayed_at"] is None for item in items)
    none = await office.client.get(LETTERS, params={"consumer": "volunteers-gateway"}, headers=operator())
    assert none.json() == {"items": [], "next_cursor": None}
    refused = await office.client.get(LETTERS, params={"cursor": "made-up"}, headers=operator())
    assert (refused.status, refused.slug) == (422, "cursor-refused")


async def test_a_replay_tells_what_it_came_to(office: Office, volunteers: Database) -> None:
    letter = (await office.client.get(LETTERS, headers=operator())).json()["items"][0]
    path = f"{LETTERS}/{letter['id']}/replay"

    failed = await office.client.post(path, headers=operator())
    assert (failed.status, failed.json()["outcome"], failed.json()["reason"]) == (200, "failed", "handler-failed")
    office.moody.bad.clear()
    applied = await office.client.post(path, headers=operator())
    again = await office.client.post(path, headers=operator())

    assert applied.json() == {"id": letter["id"], "outcome": "applied", "reason": "", "error": ""}
    assert again.json()["outcome"] == "already-applied"
    assert len(await effects(volunteers)) == 1
    left = (await office.client.get(LETTERS, headers=operator())).json()["items"]
    assert letter["id"] not in {item["id"] for item in left}
    everything = (await office.client.get(LETTERS, params={"replayed": "true"}, headers=operator())).json()["items"]
    assert next(item for item in everything if item["id"] == letter["id"])["replayed_at"] is not None


async def test_a_replay_needs_a_key_and_a_letter(office: Office) -> None:
    without_key = {name: value for name, value in operator().items() if name != "Idempotency-Key"}
    assert (await office.client.post(f"{LETTERS}/{new_id()}/replay", headers=without_key)).status == 400
    missing = await office.client.post(f"{LETTERS}/{new_id()}/replay", headers=operator())
    assert (missing.status, missing.slug) == (404, "dead-letter-not-found")
    assert (await office.client.post(f"{LETTERS}/no-uuid/replay", headers=operator())).status == 422


async def test_the_command_line_lists_and_replays(
    office: Office, volunteers: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    def build(_settings: Any) -> Any:
        return SimpleNamespace(state=SimpleNamespace(messaging=office.service.messaging, database=office.service.pool))

    command: Callable[..., Awaitable[int]] = run_command
    assert await command(None, build, "dead-letters", "list", []) == 0
    listed = capsys.readouterr().out
    assert listed.count("volunteers-issues  issues.issue_withdrawn.v1  handler-failed x4") == 3
    assert "3 条待处理 / waiting" in listed

    first = next(line for line in listed.splitlines() if line.startswith("{") is False and "volunteers-issues" in line)
    office.moody.bad.clear()
    assert await command(None, build, "dead-letters", "replay", [first.split()[0]]) == 0
    assert await command(None, build, "dead-letters", "replay", ["volunteers-issues"]) == 0
    assert "2 条已生效 / applied, 0 条失败 / failed" in capsys.readouterr().out
    assert await command(None, build, "dead-letters", "replay", [str(new_id())]) == 1
    assert await command(None, build, "dead-letters", "list", []) == 0
    assert "0 条待处理 / waiting" in capsys.readouterr().out
    assert sorted(await effects(volunteers)) == sorted((aggregate, 1) for aggregate in office.aggregates)
