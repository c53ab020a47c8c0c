"""Sign-ups in one statement: what a process remembers of an event speeds it up and never decides."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from services.events.storage import PostgresEventsUnitOfWork
from services.events.tests.builders import NOW, STARTS
from services.events.tests.integration.running import Neighbour, running, settings_for
from shared.clock import FrozenClock
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database

WHEN = {
    "starts_at": STARTS.isoformat(),
    "ends_at": (STARTS + timedelta(hours=3)).isoformat(),
    "registration_deadline": (STARTS - timedelta(days=5)).isoformat(),
}


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
async def here(database: Database, nats_of: Callable[[str], str], clock: FrozenClock) -> AsyncIterator[Client]:
    """The process under test."""
    async with running(settings_for(database, nats_of), clock) as started:
        yield started


@pytest.fixture
async def office(database: Database, nats_of: Callable[[str], str], clock: FrozenClock) -> AsyncIterator[Neighbour]:
    """An organiser at another replica of the service: what happens there, the process under test does not see."""
    async with running(replace(settings_for(database, nats_of), pool_size=2), clock) as started:
        yield Neighbour(started, (Role.EVENT_ORGANISER,), new_id())


@pytest.fixture
async def rows(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    yield connection
    await connection.close()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each transaction since: True if it was one statement."""
    ways: list[bool] = []
    one_statement, connection = PostgresEventsUnitOfWork.in_one_statement, PostgresEventsUnitOfWork.connection

    async def noted(uow: PostgresEventsUnitOfWork, sql: str, *arguments: object) -> Any:
        ways.append(True)
        return await one_statement(uow, sql, *arguments)

    async def noted_connection(uow: PostgresEventsUnitOfWork) -> Any:
        if uow.untouched:
            ways.append(False)
        return await connection(uow)

    monkeypatch.setattr(PostgresEventsUnitOfWork, "in_one_statement", noted)
    monkeypatch.setattr(PostgresEventsUnitOfWork, "connection", noted_connection)
    return ways


def a_neighbour(client: Client) -> Neighbour:
    return Neighbour(client, (Role.RESIDENT,), new_id())


async def told(rows: asyncpg.Connection, registration: str) -> tuple[str, dict[str, Any]]:
    """Type and data of the only message about a registration."""
    (row,) = await rows.fetch("SELECT type, data FROM outbox WHERE aggregate_id = $1", UUID(registration))
    return row["type"], orjson.loads(row["data"])


async def test_only_the_first_sign_up_reads_the_event(
    here: Client, office: Neighbour, rows: asyncpg.Connection, short: list[bool]
) -> None:
    event_id = await office.publishes(**WHEN, capacity=4)
    short.clear()
    await a_neighbour(here).registers(event_id, 2)
    assert short == [False]
    short.clear()
    second = await a_neighbour(here).registers(event_id, 2, dish='红烧"rank":2000000001鲤鱼')
    assert (second.json()["state"], second.json()["dish"]) == ("confirmed", '红烧"rank":2000000001鲤鱼')
    assert short == [True]
    assert (await told(rows, second.json()["id"]))[0] == "events.registration_confirmed.v1"


async def test_when_the_places_are_gone_the_second_look_finds_a_rank(
    here: Client, office: Neighbour, rows: asyncpg.Connection, short: list[bool]
) -> None:
    event_id = await office.publishes(**WHEN, capacity=2)
    await a_neighbour(here).registers(event_id, 2)
    short.clear()
    first = await a_neighbour(here).registers(event_id, 1)
    assert short == [True, True], "supposed a place, then supposed to wait"
    second = await a_neighbour(here).registers(event_id, 2)
    assert short == [True, True, True]
    assert [first.json()["rank"], second.json()["rank"]] == [1, 2]
    kind, data = await told(rows, second.json()["id"])
    assert (kind, data["rank"]) == ("events.registration_waitlisted.v1", 2)


async def test_when_places_came_back_the_second_look_finds_them(here: Client, office: Neighbour) -> None:
    event_id = await office.publishes(**WHEN, capacity=2)
    await a_neighbour(here).registers(event_id, 2)
    waiting = await a_neighbour(here).registers(event_id, 2)
    assert waiting.json()["state"] == "waitlisted"
    assert (await office.patch(f"/{event_id}", {"capacity": 6})).status == 200
    assert (await a_neighbour(here).registers(event_id, 2)).json()["state"] == "confirmed"


async def test_a_title_that_changed_elsewhere_is_told_as_it_is_now(
    here: Client, office: Neighbour, rows: asyncpg.Connection, short: list[bool]
) -> None:
    event_id = await office.publishes(**WHEN)
    await a_neighbour(here).registers(event_id)
    await office.patch(f"/{event_id}", {"title": "新标题"})
    short.clear()
    registration = await a_neighbour(here).registers(event_id)
    assert short == [True, True, False], "nothing rests on the old version"
    assert (await told(rows, registration.json()["id"]))[1]["title"] == "新标题"


async def test_nobody_is_refused_because_of_a_memory(here: Client, office: Neighbour, clock: FrozenClock) -> None:
    event_id = await office.publishes(**WHEN)
    await a_neighbour(here).registers(event_id)
    later = (STARTS - timedelta(days=1)).isoformat()
    assert (await office.patch(f"/{event_id}", {"registration_deadline": later})).status == 200
    clock.at = STARTS - timedelta(days=3)
    assert (await a_neighbour(here).registers(event_id)).status == 201, "the old deadline is over, the new one is not"
    clock.at = STARTS - timedelta(hours=1)
    late = await a_neighbour(here).registers(event_id)
    assert (late.status, late.slug) == (409, "registration-closed")


async def test_nobody_gets_in_because_of_a_memory(here: Client, office: Neighbour) -> None:
    event_id = await office.publishes(**WHEN)
    await a_neighbour(here).registers(event_id)
    await office.post(f"/{event_id}/cancel", {"reason": "暴雨"})
    gone = await a_neighbour(here).registers(event_id)
    assert (gone.status, gone.slug, gone.json()["detail"]) == (409, "event-cancelled", "暴雨")


async def test_a_repeated_key_is_answered_as_before(here: Client, office: Neighbour, short: list[bool]) -> None:
    event_id = await office.publishes(**WHEN)
    await a_neighbour(here).registers(event_id)
    somebody, key = a_neighbour(here), {"Idempotency-Key": "registration-1"}
    path = f"/{event_id}/registrations"
    first = await somebody.post(path, {"persons": 2}, **key)
    short.clear()
    again = await somebody.post(path, {"persons": 2}, **key)
    assert (again.body, again.headers["idempotency-replayed"]) == (first.body, "true")
    assert short == [True, False]
    assert (await somebody.post(path, {"persons": 3}, **key)).slug == "idempotency-key-reused"
    assert (await somebody.post(path, {"persons": 2})).slug == "already-registered"


async def test_the_household_is_noted_the_short_way_too(
    here: Client, office: Neighbour, rows: asyncpg.Connection
) -> None:
    event_id = await office.publishes(**WHEN)
    await a_neighbour(here).registers(event_id)
    somebody, household = a_neighbour(here), new_id()
    await rows.execute(
        "INSERT INTO household_members (community, person_id, household_id, building_id) VALUES ('feicuicheng', $1, $2, $3)",
        somebody.person,
        household,
        new_id(),
    )
    registration = (await somebody.registers(event_id)).json()["id"]
    found = await rows.fetchval("SELECT household_id FROM registrations WHERE id = $1", UUID(registration))
    assert found == household


async def test_an_event_without_waitlist_fills_up_to_its_last_place(here: Client, office: Neighbour) -> None:
    event_id = await office.publishes(**WHEN, capacity=4, has_waitlist=False)
    statuses = [(await a_neighbour(here).registers(event_id, 2)).status for _ in range(4)]
    assert statuses == [201, 201, 409, 409]
    too_many = await a_neighbour(here).registers(event_id, 5)
    assert too_many.slug == "party-too-large"
