"""The gateway's messages on real NATS: applied once, twice delivered once, and counted in the numbers of events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import nats
import orjson
import pytest

from services.events.tests.integration.running import Neighbour
from shared.contracts.gateway import (
    BuildingAdded,
    BuildingMoved,
    CommunityCreated,
    CommunityProfileRecorded,
    HouseholdJoined,
    HouseholdRegistered,
)
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY

Tell = Callable[..., Awaitable[UUID]]
Another = Callable[[], Neighbour]


@pytest.fixture
async def tell(client: Client, nats_of: Callable[[str], str]) -> AsyncIterator[Tell]:
    """`await tell(message, version=1)` publishes a message as the gateway's relay would; returns its id."""
    connection = await nats.connect(nats_of("admin"))

    async def publish(message: Message, version: int = 1, message_id: UUID | None = None, data: Any = None) -> UUID:
        identity = message_id or new_id()
        body = compose(
            id=identity,
            message_type=message.message_type,
            community=COMMUNITY,
            aggregate_id=message.aggregate_id,
            aggregate_version=version,
            time=datetime.now(UTC),
            data=message.model_dump_json().encode() if data is None else orjson.dumps(data),
            correlation_id=None,
            causation_id=None,
        )
        await connection.jetstream().publish(message.subject(COMMUNITY), body)
        return identity

    yield publish
    await connection.close()


@pytest.fixture
async def rows(database: Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.plain(database.superuser_url))
    yield connection
    await connection.close()


async def until(rows: asyncpg.Connection, question: str, *arguments: object) -> Any:
    """Ask until the answer is neither null, zero nor false."""
    async with asyncio.timeout(20):
        while True:
            answer = await rows.fetchval(question, *arguments)
            if answer:
                return answer
            await asyncio.sleep(0.01)


async def processed(rows: asyncpg.Connection, message_id: UUID) -> None:
    """Wait until a message left its proof in the inbox."""
    await until(rows, "SELECT count(*) FROM inbox WHERE message_id = $1", message_id)


def a_community(as_of: date, households: int, community_id: UUID | None = None) -> CommunityCreated:
    return CommunityCreated(
        community_id=community_id or new_id(),
        community=COMMUNITY,
        code="FCC",
        name="翡翠城社区",
        template="urban",
        households=households,
        residents=8225,
        figures_as_of=as_of,
    )


async def test_rates_divide_by_the_figures_of_their_time(
    organiser: Neighbour, resident: Neighbour, tell: Tell, rows: asyncpg.Connection
) -> None:
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id)).json()["id"]
    await organiser.post(f"/{event_id}/registrations/{registration}/check-ins", {"nonce": "scan-0001", "persons": 2})
    created = a_community(date(2024, 1, 1), 5000)
    await tell(created)
    profile = CommunityProfileRecorded(
        community_id=created.community_id,
        figures_as_of=date(2025, 1, 1),
        area_km2=0.4,
        households=5196,
        residents=8225,
        party_members=51,
        party_members_own=16,
        party_members_on_duty=35,
    )
    await processed(rows, await tell(profile, 2))
    numbers = (await organiser.get(f"/{event_id}/attendance")).json()
    assert numbers["participation"] == {"households_present": 1, "households_total": 5196, "as_of": "2025-01-01"}
    period = {"first_day": "2024-03-01", "last_day": "2024-03-31"}
    earlier = (await organiser.get("/attendance", **period)).json()
    assert earlier["participation"] == {"households_present": 0, "households_total": 5000, "as_of": "2024-01-01"}


async def test_members_of_one_household_count_as_one_household_of_one_building(
    organiser: Neighbour, another: Another, tell: Tell, rows: asyncpg.Connection
) -> None:
    mother, son, neighbour, stranger = (another() for _ in range(4))
    home, next_door, building, grid = (new_id() for _ in range(4))
    await tell(BuildingAdded(building_id=building, compound_id=new_id(), grid_id=new_id(), name="12号楼"))
    await processed(rows, await tell(BuildingMoved(building_id=building, grid_id=grid), 2))
    assert await rows.fetchval("SELECT grid_id FROM buildings WHERE id = $1", building) == grid
    await tell(HouseholdRegistered(household_id=home, building_id=building, person_ids=(mother.person,)))
    await tell(HouseholdRegistered(household_id=next_door, building_id=building, person_ids=(neighbour.person,)))
    joined = HouseholdJoined(household_id=home, building_id=building, person_id=son.person)
    await processed(rows, await tell(joined, 2))
    await until(rows, "SELECT count(*) = 3 FROM household_members WHERE building_id = $1", building)

    event_id = await organiser.publishes_for_now()
    for number, person in enumerate((mother, son, neighbour, stranger)):
        registration = (await person.registers(event_id, 2)).json()["id"]
        door = f"/{event_id}/registrations/{registration}/check-ins"
        assert (await organiser.post(door, {"nonce": f"scan-000{number}", "persons": 2})).status == 201
    numbers = (await organiser.get(f"/{event_id}/attendance")).json()
    assert numbers["present"] == {"person_times": 8, "registrants": 4, "households": 3, "buildings": 1}
    assert numbers["registered"] == {"households": 4, "persons": 8}


async def test_who_is_not_named_any_more_has_moved_out(tell: Tell, rows: asyncpg.Connection) -> None:
    home, building, stays, leaves = (new_id() for _ in range(4))
    await tell(HouseholdRegistered(household_id=home, building_id=building, person_ids=(stays, leaves)))
    await processed(
        rows, await tell(HouseholdRegistered(household_id=home, building_id=building, person_ids=(stays,)), 2)
    )
    left = await rows.fetch("SELECT person_id FROM household_members WHERE household_id = $1", home)
    assert [row["person_id"] for row in left] == [stays]


async def test_a_message_delivered_twice_is_applied_once(tell: Tell, rows: asyncpg.Connection) -> None:
    home, building, person, elsewhere = (new_id() for _ in range(4))
    first = HouseholdRegistered(household_id=home, building_id=building, person_ids=(person,))
    identity = await tell(first)
    await processed(rows, identity)
    moved = HouseholdRegistered(household_id=elsewhere, building_id=building, person_ids=(person,))
    await processed(rows, await tell(moved))
    await tell(first, message_id=identity)
    marker = HouseholdJoined(household_id=home, building_id=building, person_id=new_id())
    await processed(rows, await tell(marker, 2))
    assert await rows.fetchval("SELECT household_id FROM household_members WHERE person_id = $1", person) == elsewhere


@pytest.mark.parametrize(
    ("data", "reason"),
    [({"household_id": "no id"}, "broken-contract"), ({}, "broken-contract")],
    ids=["wrong type", "missing fields"],
)
async def test_a_malformed_message_becomes_a_dead_letter_and_others_flow(
    tell: Tell, rows: asyncpg.Connection, data: dict[str, Any], reason: str
) -> None:
    home, building, person = (new_id() for _ in range(3))
    good = HouseholdRegistered(household_id=home, building_id=building, person_ids=(person,))
    broken = await tell(good, data=data)
    await until(rows, "SELECT count(*) FROM dead_letters WHERE message_id = $1 AND reason = $2", broken, reason)
    assert not await rows.fetchval("SELECT count(*) FROM household_members WHERE household_id = $1", home)
    await processed(rows, await tell(good, 2))
    assert await rows.fetchval("SELECT count(*) FROM household_members WHERE household_id = $1", home) == 1


async def test_what_happens_here_reaches_the_stream_in_order(
    organiser: Neighbour, resident: Neighbour, nats_of: Callable[[str], str]
) -> None:
    event_id = await organiser.publishes_for_now()
    registration = (await resident.registers(event_id)).json()["id"]
    path = f"/{event_id}/registrations/{registration}"
    arrival = (await organiser.post(f"{path}/check-ins", {"nonce": "scan-0001", "persons": 1})).json()["id"]
    await organiser.post(f"{path}/check-ins/{arrival}/annul", {"reason": "扫错了码"})
    await resident.post(f"{path}/leave")

    connection = await nats.connect(nats_of("admin"))
    try:
        heard: list[tuple[int, str]] = []
        subscription = await connection.jetstream().subscribe(f"events.{COMMUNITY}.>", ordered_consumer=True)
        async with asyncio.timeout(20):
            while len(heard) < 4:
                message = orjson.loads((await subscription.next_msg(timeout=20)).data)
                if message["subject"] == registration:
                    heard.append((message["aggregateversion"], message["type"]))
    finally:
        await connection.close()
    assert heard == [
        (1, "cn.mulin.events.registration_confirmed.v1"),
        (2, "cn.mulin.events.checked_in.v1"),
        (3, "cn.mulin.events.check_in_annulled.v1"),
        (4, "cn.mulin.events.registration_cancelled.v1"),
    ]
