"""Messages on real NATS: applied once however often they come; broken ones step aside; two purposes do not hold each other up."""

import json
from datetime import UTC, datetime

import asyncpg
import nats

from services.notify.tests.builders import an_issue_registered
from services.notify.tests.integration.running import Caller, Receiver, Town, until
from shared.contracts.events import RegistrationConfirmed
from shared.contracts.gateway import SubdistrictCreated
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.testing.client import Client
from shared.testing.databases import Database
from shared.testing.principals import COMMUNITY
from shared.testing.servers import Nats


async def test_a_message_delivered_twice_tells_and_sends_once(
    town: Town, resident: Caller, partner: Caller, receiver: Receiver
) -> None:
    await partner.subscribes(receiver.url, types=["issues.issue_registered.v1"])
    issue, message_id = an_issue_registered(reported_by=resident.person), new_id()
    for _ in range(3):
        await town.repeats(issue, message_id, 1)
    marker = an_issue_registered(reported_by=resident.person)
    await town.says(marker)
    await until(lambda: any(call.document["subject"] == str(marker.issue_id) for call in receiver.calls))
    assert [call.sequence for call in receiver.delivered] == [1, 2]

    async def both() -> bool:
        return len(await resident.inbox()) >= 2

    await until(both)
    assert len(await resident.inbox()) == 2


async def test_a_fact_of_another_community_reaches_nobody_here(
    town: Town, resident: Caller, partner: Caller, receiver: Receiver
) -> None:
    await partner.subscribes(receiver.url, types=["issues.issue_registered.v1"])
    await town.says(an_issue_registered(reported_by=resident.person), "xinhua")
    here = an_issue_registered(reported_by=resident.person)
    await town.says(here)
    await until(lambda: receiver.delivered)
    await until(resident.inbox)
    assert [call.document["subject"] for call in receiver.calls] == [str(here.issue_id)]
    assert [item["link"].rsplit("/", 1)[1] for item in await resident.inbox()] == [str(here.issue_id)]


async def test_a_broken_message_becomes_a_dead_letter_of_both_purposes_and_others_flow(
    town: Town, resident: Caller, nats_server: Nats, database: Database
) -> None:
    broken = new_id()
    body = compose(
        id=broken,
        message_type="events.registration_confirmed.v1",
        community=COMMUNITY,
        aggregate_id=new_id(),
        aggregate_version=1,
        time=datetime.now(UTC),
        data=json.dumps({"persons": "many"}).encode(),
        correlation_id=None,
        causation_id=None,
    )
    admin = await nats.connect(nats_server.url("admin"))
    await admin.jetstream().publish(RegistrationConfirmed.subject(COMMUNITY), body)
    await admin.close()
    rows = await asyncpg.connect(database.plain(database.superuser_url))
    try:

        async def buried() -> bool:
            found = await rows.fetch("SELECT consumer, reason FROM dead_letters WHERE message_id = $1", broken)
            return {(row["consumer"], row["reason"]) for row in found} == {
                ("notify-people-events", "broken-contract"),
                ("notify-partners-events", "broken-contract"),
            }

        await until(buried)
    finally:
        await rows.close()
    confirmed = RegistrationConfirmed(
        registration_id=new_id(),
        event_id=new_id(),
        title="邻里百家宴",
        starts_at=datetime(2026, 11, 28, 3, tzinfo=UTC),
        registered_by=resident.person,
        persons=3,
    )
    await town.says(confirmed)
    await until(resident.inbox)
    (told,) = await resident.inbox()
    assert told["title_zh"] == "报名成功：邻里百家宴"
    assert "11月28日 11:00" in told["body_zh"]


async def test_facts_of_the_whole_subdistrict_are_taken_and_tell_nobody(
    client: Client, town: Town, database: Database
) -> None:
    subdistrict = new_id()
    message_id = await town.says(
        SubdistrictCreated(subdistrict_id=subdistrict, subdistrict="shuiji", name="水集街道"), "all"
    )
    rows = await asyncpg.connect(database.plain(database.superuser_url))
    try:

        async def processed() -> bool:
            passed = "SELECT count(*) FROM consumer_positions WHERE aggregate_id = $1"
            count = await rows.fetchval(passed, subdistrict)
            letters = await rows.fetchval("SELECT count(*) FROM dead_letters WHERE message_id = $1", message_id)
            assert letters == 0
            return bool(count == 2)

        await until(processed)
    finally:
        await rows.close()
