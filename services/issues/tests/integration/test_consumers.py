"""What the gateway tells over NATS arrives once; what issues tells goes out in order and without words of residents."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import nats
import pytest
from nats.aio.client import Client as NatsClient

from services.issues.domain.default_categories import DEFAULT_CATEGORIES
from services.issues.tests.builders import CHAIR, HANDLER, OFFICER, PROPERTY, RESIDENT
from services.issues.tests.integration.test_the_way_of_an_issue import FOUR, REPLY
from services.issues.tests.integration.town import Town, app_on, done, refused
from shared.clock import SystemClock
from shared.contracts.gateway import (
    BuildingAdded,
    CommunityCreated,
    CompoundAdded,
    GridDrawn,
    MembershipEnded,
    MembershipGranted,
    OrganisationRegistered,
)
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.fixtures import MakeDatabase
from shared.testing.principals import a_principal

PATIENT_SECONDS = 30.0


class Gateway:
    """Publishes as the gateway's relay would."""

    def __init__(self, client: NatsClient, community: str) -> None:
        self._client = client
        self._community = community
        self._versions: Counter[UUID] = Counter()

    async def says(self, message: Message, *, message_id: UUID | None = None) -> UUID:
        """Publish the next fact of an aggregate; with `message_id`, the last one once more."""
        if message_id is None:
            self._versions[message.aggregate_id] += 1
        message_id = message_id or new_id()
        body = compose(
            id=message_id,
            message_type=message.message_type,
            community=self._community,
            aggregate_id=message.aggregate_id,
            aggregate_version=self._versions[message.aggregate_id],
            time=datetime.now(UTC),
            data=message.model_dump_json().encode(),
            correlation_id=None,
            causation_id=None,
        )
        await self._client.jetstream().publish(message.subject(self._community), body, stream="GATEWAY")
        return message_id

    async def mumbles(self) -> None:
        """Publish something that nobody can read."""
        subject = BuildingAdded.subject(self._community)
        await self._client.jetstream().publish(subject, b'{"not": "an envelope"', stream="GATEWAY")


@pytest.fixture
async def listening(database_of: MakeDatabase, nats_of: Callable[[str], str]) -> AsyncIterator[Town]:
    """A community nobody has told anything about yet, and the service with relay and consumers running."""
    database = database_of("issues")
    app = app_on(database, nats_url=nats_of("issues"))
    async with Client(app):
        yield Town(app, database, SystemClock())  # type: ignore[arg-type]


@pytest.fixture
async def gateway(listening: Town, nats_of: Callable[[str], str]) -> AsyncIterator[Gateway]:
    """The gateway's voice in that community."""
    client = await nats.connect(nats_of("gateway"), inbox_prefix="_INBOX_gateway")
    yield Gateway(client, listening.community)
    await client.close()


async def until(question: Callable[[], Awaitable[Any]]) -> Any:
    """Ask until the answer is yes."""
    deadline = time.monotonic() + PATIENT_SECONDS
    while not (answer := await question()) and time.monotonic() < deadline:  # noqa: ASYNC110 - others bring it about
        await asyncio.sleep(0.02)
    assert answer, "not there in time"
    return answer


def created(town: Town) -> CommunityCreated:
    return CommunityCreated(
        community_id=new_id(),
        community=town.community,
        code="FCC",
        name="翡翠城社区",
        template="standard",
        households=5196,
        residents=8225,
        figures_as_of=date(2021, 12, 31),
    )


def building() -> BuildingAdded:
    """Ids are unique over all communities, and order is kept per id: every test needs its own."""
    return BuildingAdded(building_id=new_id(), compound_id=new_id(), grid_id=new_id(), name="12号楼")


async def count(town: Town, table: str) -> int:
    rows = await town.rows(f"SELECT count(*) AS n FROM {table} WHERE community = $1", town.community)
    return int(rows[0]["n"])


async def test_a_community_with_its_buildings_and_people_can_report_and_meet(listening: Town, gateway: Gateway) -> None:
    town = listening
    message = created(town)
    first = await gateway.says(message)
    await gateway.says(CompoundAdded(compound_id=new_id(), name="翡翠城一期"))
    grid = new_id()
    await gateway.says(GridDrawn(grid_id=grid, name="第一网格"))
    await gateway.says(GridDrawn(grid_id=grid, name="第一网格", worker_id=new_id()))
    await gateway.says(OrganisationRegistered(organisation_id=PROPERTY, kind="property", name="翡翠物业"))
    membership = MembershipGranted(membership_id=new_id(), person_id=HANDLER.person, role="handler")
    await gateway.says(membership)
    house = building()
    await gateway.says(house)
    await until(lambda: count(town, "buildings"))

    shown = done(await town.get("/categories", RESIDENT))["items"]
    assert [category["name_zh"] for category in shown[:5]] == [
        "车位被占",
        "车位太少",
        "邻里吵架",
        "公共绿地被占",
        "路灯不亮",
    ]
    assert len(shown) == len(DEFAULT_CATEGORIES)
    place = {"building_id": str(house.building_id)}
    assert (await town.report(RESIDENT, place=place))["number"] == f"FCC-{datetime.now(UTC).year}-000001"
    (drawn,) = await town.rows("SELECT worker_id FROM grids WHERE community = $1", town.community)
    assert drawn["worker_id"] is not None

    people = [{"person_id": str(HANDLER.person), "seat": "property_manager"}]
    await until(lambda: count(town, "memberships"))
    await town.meeting(CHAIR, participants=people)
    await gateway.says(
        MembershipEnded(membership_id=membership.membership_id, person_id=HANDLER.person, role="handler")
    )

    async def ended() -> bool:
        rows = await town.rows(
            "SELECT 1 FROM memberships WHERE community = $1 AND ended_at IS NOT NULL", town.community
        )
        return bool(rows)

    await until(ended)
    body = {"kind": "joint", "starts_at": "2099-01-01T00:00:00Z", "place": "会议室", "participants": people}
    assert list(refused(await town.post("/meetings", CHAIR, body), 422, "invalid-input").fields) == [
        "participants[0].person_id"
    ]

    await gateway.says(message, message_id=first)
    await gateway.says(building())
    await until(lambda: is_two(town))
    assert await count(town, "community_profiles") == 1
    assert len(await town.rows("SELECT 1 FROM inbox WHERE message_id = $1", first)) == 1


async def is_two(town: Town) -> bool:
    return await count(town, "buildings") == 2


async def test_what_cannot_be_read_becomes_a_dead_letter_and_others_flow(listening: Town, gateway: Gateway) -> None:
    await gateway.mumbles()
    await gateway.says(building())
    await until(lambda: count(listening, "buildings"))
    await until(lambda: listening.rows("SELECT 1 FROM dead_letters WHERE consumer = 'issues-gateway'"))


async def test_facts_go_out_in_order_and_without_words_of_residents(
    listening: Town, gateway: Gateway, nats_of: Callable[[str], str]
) -> None:
    town = listening
    organisation, house = new_id(), building()
    handler = a_principal(Role.HANDLER, organisation=organisation)
    await gateway.says(created(town))
    await gateway.says(OrganisationRegistered(organisation_id=organisation, kind="property", name="翡翠物业"))
    await gateway.says(house)
    await until(lambda: count(town, "buildings"))
    await until(lambda: count(town, "organisations"))
    issue = await town.report(
        RESIDENT, "302室的张某半夜吵闹", title="半夜吵闹", place={"building_id": str(house.building_id)}
    )
    way = f"/issues/{issue['id']}"
    done(await town.post(f"{way}/accept", OFFICER, {"tier": "general", "note": "已电话联系"}))
    four = {**FOUR, "responsible_organisation": str(organisation), "deadline": "2099-01-01T00:00:00Z", "plan": "上门"}
    done(await town.post(f"{way}/assign", OFFICER, four))
    done(await town.post(f"{way}/sign", handler))
    done(await town.post(f"{way}/resolve", handler, REPLY))
    done(await town.post(f"{way}/rate", RESIDENT, {"solved": True, "satisfaction": 5, "comment": "谢谢张师傅"}))

    async def all_out() -> bool:
        waiting = await town.rows("SELECT 1 FROM outbox WHERE community = $1 AND published_at IS NULL", town.community)
        return not waiting

    await until(all_out)
    told = await town.rows(
        "SELECT subject, aggregate_version, data::text FROM outbox WHERE aggregate_id = $1 ORDER BY stream_seq",
        UUID(issue["id"]),
    )
    assert [row["aggregate_version"] for row in told] == list(range(1, 8))
    spoken = "".join(row["subject"] + row["data"] for row in told)
    for secret in ("张", "吵闹", "302", "电话", "线路", "上门", "灯头"):
        assert secret not in spoken
    assert all(issue["id"] not in row["subject"] for row in told)
