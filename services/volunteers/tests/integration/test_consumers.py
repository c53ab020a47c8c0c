"""What the gateway tells: communities open with their ledger, members and volunteers are known; once, whatever NATS does."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import nats
import pytest
from nats.aio.client import Client as NatsClient

from services.volunteers.tests.integration.ledgers import a_community, connected
from services.volunteers.tests.integration.running import Neighbour
from shared.contracts.gateway import CommunityCreated, MembershipEnded, MembershipGranted
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database

PATIENT_SECONDS = 30.0


class Gateway:
    """Publishes as the gateway's relay would."""

    def __init__(self, client: NatsClient) -> None:
        self._client = client
        self._versions: Counter[UUID] = Counter()

    async def says(self, message: Message, community: str, *, message_id: UUID | None = None) -> UUID:
        """Publish the next fact of an aggregate; with `message_id`, the last one once more."""
        if message_id is None:
            self._versions[message.aggregate_id] += 1
        message_id = message_id or new_id()
        body = compose(
            id=message_id,
            message_type=message.message_type,
            community=community,
            aggregate_id=message.aggregate_id,
            aggregate_version=self._versions[message.aggregate_id],
            time=datetime.now(UTC),
            data=message.model_dump_json().encode(),
            correlation_id=None,
            causation_id=None,
        )
        await self._client.jetstream().publish(message.subject(community), body, stream="GATEWAY")
        return message_id

    async def mumbles(self, community: str) -> None:
        """Publish something that nobody can read."""
        await self._client.jetstream().publish(
            MembershipGranted.subject(community), b'{"not": "an envelope"', stream="GATEWAY"
        )


@pytest.fixture
async def gateway(nats_of: Callable[[str], str]) -> AsyncIterator[Gateway]:
    """The gateway's voice."""
    client = await nats.connect(nats_of("gateway"), inbox_prefix="_INBOX_gateway")
    yield Gateway(client)
    await client.close()


async def until(question: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until the answer is yes."""
    async with asyncio.timeout(PATIENT_SECONDS):
        while not (answer := await question()):  # noqa: ASYNC110 - the answer lies in the database
            await asyncio.sleep(0.02)
    return answer


def created(community: str) -> CommunityCreated:
    return CommunityCreated(
        community_id=new_id(),
        community=community,
        code="FCC",
        name="翡翠城社区",
        template="standard",
        households=5196,
        residents=8225,
        figures_as_of=date(2021, 12, 31),
    )


def granted(person: UUID, role: Role) -> MembershipGranted:
    return MembershipGranted(membership_id=new_id(), person_id=person, role=role.value)


async def rows(database: Database, query: str, *arguments: object) -> list[Any]:
    async with connected(database, database.superuser_url) as connection:
        found: list[Any] = await connection.fetch(query, *arguments)
        return found


async def test_a_new_community_opens_with_its_ledger_and_rules_once(
    client: Client, database: Database, gateway: Gateway
) -> None:
    community = a_community()
    message = created(community)
    message_id = await gateway.says(message, community)
    officer = Neighbour(client, (Role.POINTS_OFFICER,), community=community)

    async def opened() -> bool:
        return (await officer.get("/points/reconciliation")).status == 200

    await until(opened)
    rules = (await officer.get("/points/rules")).json()["items"]
    assert {rule["code"] for rule in rules if rule["in_force"]} >= {"wish_lit", "service_hour"}
    await gateway.says(message, community, message_id=message_id)
    person = new_id()
    await gateway.says(granted(person, Role.RESIDENT), community)  # by then the repetition has been worked on

    async def member() -> bool:
        return bool(await rows(database, "SELECT 1 FROM memberships WHERE person = $1", person))

    await until(member)
    accounts = await rows(database, "SELECT kind FROM points_accounts WHERE community = $1", community)
    assert sorted(row["kind"] for row in accounts) == ["debt", "issuing"]
    inbox = await rows(database, "SELECT 1 FROM inbox WHERE message_id = $1", message_id)
    assert len(inbox) == 1


async def test_members_can_be_rewarded_and_volunteers_stand_on_the_list(
    client: Client, gateway: Gateway, officer: Neighbour, points_officer: Neighbour
) -> None:
    person = new_id()
    volunteering, partying = granted(person, Role.VOLUNTEER), granted(person, Role.PARTY_MEMBER)
    await gateway.says(volunteering, officer.community)
    await gateway.says(partying, officer.community)

    async def roles() -> list[str]:
        listed = (await officer.get("/volunteers", limit=100)).json()["items"]
        return next((v["roles"] for v in listed if v["person"] == str(person)), [])

    async def both() -> bool:
        return await roles() == ["party_member", "volunteer"]

    await until(both)
    award = {"person": str(person), "rule": "service_hour", "reason": "清理"}
    assert (await points_officer.post("/points/transfers", award)).status == 201
    for ended in (volunteering, partying):
        assert await roles()
        left = MembershipEnded(membership_id=ended.membership_id, person_id=person, role=ended.role)
        await gateway.says(left, officer.community)

        async def gone(role: str = ended.role) -> bool:
            return role not in await roles()

        await until(gone)
    assert (await points_officer.post("/points/transfers", award)).slug == "person-not-found"
    statement = (await points_officer.get(f"/points/{person}/statement")).json()["items"]
    assert [line["points"] for line in statement] == [10], "points and history stay"


async def test_what_cannot_be_read_becomes_a_dead_letter_and_others_flow(
    client: Client, database: Database, gateway: Gateway, officer: Neighbour
) -> None:
    person = new_id()
    await gateway.mumbles(officer.community)
    await gateway.says(granted(person, Role.VOLUNTEER), officer.community)

    async def listed() -> bool:
        found = (await officer.get("/volunteers", limit=100)).json()["items"]
        return str(person) in [volunteer["person"] for volunteer in found]

    await until(listed)

    async def buried() -> bool:
        return bool(await rows(database, "SELECT 1 FROM dead_letters WHERE consumer = 'volunteers-gateway'"))

    await until(buried)


async def test_a_lit_wish_is_told_to_the_others_in_order_and_without_words(
    database: Database, resident: Neighbour, officer: Neighbour, volunteer: Neighbour, nats_of: Callable[[str], str]
) -> None:
    wish_id = await resident.wishes()
    await officer.post(f"/wishes/{wish_id}/publish", {})
    await volunteer.post(f"/wishes/{wish_id}/claim")
    await volunteer.post(f"/wishes/{wish_id}/deliver", {"proof": "送到12号楼"})
    await resident.post(f"/wishes/{wish_id}/confirm", {"thanks": "谢谢"})

    async def relayed() -> bool:
        waiting = await rows(database, "SELECT 1 FROM outbox WHERE published_at IS NULL")
        return not waiting

    await until(relayed)
    told = await rows(
        database, "SELECT type, aggregate_version, data::text FROM outbox WHERE aggregate_id = $1 ORDER BY position",
        UUID(wish_id),
    )  # fmt: skip
    assert [(row["type"].split(".")[1], row["aggregate_version"]) for row in told] == [
        ("wish_submitted", 1),
        ("wish_published", 2),
        ("wish_claimed", 3),
        ("wish_delivered", 4),
        ("wish_lit", 5),
    ]
    awarded = await rows(
        database,
        "SELECT data::text FROM outbox WHERE type = 'volunteers.points_awarded.v1' ORDER BY position DESC LIMIT 1",
    )
    spoken = "".join(row["data"] for row in [*told, *awarded])
    for secret in ("小雨", "301", "书包", "送到", "谢谢", "child"):
        assert secret not in spoken
