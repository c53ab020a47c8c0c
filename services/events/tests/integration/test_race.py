"""200 households race for 50 places, over sockets, against the service as a process: nothing oversold, nothing lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.events.tests.builders import a_draft_body
from services.events.tests.integration.process import ServiceProcess, call, insistent_call, many_clients
from shared.ids import new_id
from shared.principal import Role
from shared.testing.databases import Database

HOUSEHOLDS, PLACES = 200, 50


@pytest.fixture
def service(database: Database, nats_of: Callable[[str], str], tmp_path: Path) -> Iterator[ServiceProcess]:
    process = ServiceProcess(database, nats_of, tmp_path)
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def rows(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    yield connection
    await connection.close()


async def published(service: ServiceProcess, **changes: Any) -> str:
    async with many_clients() as session:
        organiser = Role.EVENT_ORGANISER
        _, event = await call(session, service.address, "", a_draft_body(**changes), role=organiser)
        status, _ = await call(session, service.address, f"/{event['id']}/publish", None, role=organiser)
        assert status == 200
    return str(event["id"])


async def test_200_households_race_for_50_places(service: ServiceProcess, rows: asyncpg.Connection) -> None:
    event_id = await published(service, capacity=PLACES)
    async with many_clients() as session:
        path = f"/{event_id}/registrations"
        answers = await asyncio.gather(
            *(call(session, service.address, path, {"persons": 1}) for _ in range(HOUSEHOLDS))
        )

    assert Counter(status for status, _ in answers) == {201: HOUSEHOLDS}
    assert Counter(view["state"] for _, view in answers) == {"confirmed": PLACES, "waitlisted": HOUSEHOLDS - PLACES}
    ranks = sorted(view["rank"] for _, view in answers if view["rank"] is not None)
    assert ranks == list(range(1, HOUSEHOLDS - PLACES + 1)), "every rank once"
    await everything_adds_up(rows, event_id, {view["id"] for _, view in answers})


async def test_without_a_waitlist_the_rest_is_told_that_it_is_full(
    service: ServiceProcess, rows: asyncpg.Connection
) -> None:
    event_id = await published(service, capacity=PLACES, has_waitlist=False)
    async with many_clients() as session:
        path = f"/{event_id}/registrations"
        answers = await asyncio.gather(
            *(call(session, service.address, path, {"persons": 2}) for _ in range(HOUSEHOLDS))
        )
    assert Counter(status for status, _ in answers) == {201: PLACES // 2, 409: HOUSEHOLDS - PLACES // 2}
    assert {view["type"] for status, view in answers if status == 409} == {"/problems/event-full"}
    await everything_adds_up(rows, event_id, {view["id"] for status, view in answers if status == 201})


async def test_killing_the_service_in_the_middle_loses_and_doubles_nothing(
    service: ServiceProcess, rows: asyncpg.Connection
) -> None:
    event_id = await published(service, capacity=PLACES)
    path = f"/{event_id}/registrations"
    async with many_clients() as session:
        clients = [
            asyncio.create_task(insistent_call(session, service.address, path, {"persons": 1 + number % 3}))
            for number in range(HOUSEHOLDS)
        ]
        for share in (0.2, 0.5):
            await registered(rows, event_id, int(HOUSEHOLDS * share))
            service.kill()
            service.start()
        answers = await asyncio.gather(*clients)

    assert Counter(status for status, _ in answers) == {201: HOUSEHOLDS}
    await everything_adds_up(rows, event_id, {view["id"] for _, view in answers})


async def registered(rows: asyncpg.Connection, event_id: str, households: int) -> None:
    """Wait until so many have registered."""
    while True:
        found = await rows.fetchval("SELECT count(*) FROM registrations WHERE event_id = $1", UUID(event_id))
        if found >= households:
            return
        await asyncio.sleep(0.001)


async def everything_adds_up(rows: asyncpg.Connection, event_id: str, answered: set[str]) -> None:
    """What was answered is what is stored; nobody has a place too many; every registration told the others once."""
    event = UUID(event_id)
    stored = await rows.fetch("SELECT id, state, persons, position FROM registrations WHERE event_id = $1", event)
    assert {str(row["id"]) for row in stored} == answered
    assert len({row["position"] for row in stored}) == len(stored)
    confirmed = sum(row["persons"] for row in stored if row["state"] == "confirmed")
    waiting = sorted((row["position"], row["persons"]) for row in stored if row["state"] == "waitlisted")
    places = await rows.fetchrow("SELECT * FROM event_places WHERE event_id = $1", event)
    assert places is not None
    assert (places["confirmed_persons"], places["waiting"]) == (confirmed, len(waiting))
    assert confirmed <= places["capacity"]
    if waiting:
        assert confirmed + waiting[0][1] > places["capacity"], "no place is idle while the head would fit"
        first_waiting = waiting[0][0]
        overtaken = [r for r in stored if r["state"] == "confirmed" and r["position"] > first_waiting]
        assert not overtaken
    told = await rows.fetch(
        "SELECT aggregate_id, count(*) AS times FROM outbox WHERE type LIKE 'events.registration_%' GROUP BY 1"
    )
    times = {str(row["aggregate_id"]): row["times"] for row in told}
    assert {identity: times.get(identity) for identity in answered} == dict.fromkeys(answered, 1)


async def test_twins_with_one_key_register_once(service: ServiceProcess, rows: asyncpg.Connection) -> None:
    event_id = await published(service)
    person, key = new_id(), str(new_id())
    async with many_clients() as session:
        path = f"/{event_id}/registrations"
        answers = await asyncio.gather(
            *(call(session, service.address, path, {"persons": 2}, person=person, key=key) for _ in range(50))
        )
        assert {status for status, _ in answers} == {201}
        assert len({view["id"] for _, view in answers}) == 1
        status, problem = await call(session, service.address, path, {"persons": 3}, person=person, key=key)
    assert (status, problem["type"]) == (422, "/problems/idempotency-key-reused")
    assert await rows.fetchval("SELECT count(*) FROM registrations WHERE event_id = $1", UUID(event_id)) == 1
