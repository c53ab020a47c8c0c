"""The relay: one writer, woken from anywhere, stopped by nobody's poison, tidy."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import orjson
import pytest
from prometheus_client import REGISTRY

from shared.ids import new_id
from shared.messaging import AddressedMessage
from shared.messaging.commands import run_command
from shared.messaging.parking import parked
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import (
    COMMUNITY,
    QUICK,
    Service,
    admin,
    effects,
    has_effects,
    in_order_once,
    nothing_waits,
    prepare,
    rows,
    unpublished,
    until,
    withdrawn,
)

NatsOf = Callable[[str], str]
SLOW_POLL = replace(QUICK, relay=replace(QUICK.relay, poll_seconds=20.0))


async def leads(*services: Service) -> bool:
    return sum(service.messaging.relay.is_leader for service in services) == 1


async def test_of_two_replicas_one_publishes_and_the_other_takes_over(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    replicas = [await start(issues, nats_of("issues")) for _ in range(2)]
    await start(volunteers, nats_of("volunteers"))
    aggregates = [new_id() for _ in range(10)]
    await until(lambda: leads(*replicas), "no replica leads")
    leader = next(replica for replica in replicas if replica.messaging.relay.is_leader)
    follower = next(replica for replica in replicas if replica is not leader)

    for aggregate in aggregates:
        await leader.publish(withdrawn(aggregate))
        await follower.publish(withdrawn(aggregate))
    assert await leads(*replicas)
    await leader.messaging.stop()
    for aggregate in aggregates:
        await follower.publish(withdrawn(aggregate))

    await until(lambda: has_effects(volunteers, 30), "nobody took over")
    assert follower.messaging.relay.is_leader
    assert in_order_once(await effects(volunteers), aggregates, 3)


async def test_a_commit_in_another_replica_wakes_the_relay_before_its_poll(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    first = await start(issues, nats_of("issues"), numbers=SLOW_POLL)
    await until(lambda: leads(first), "the only replica does not lead")
    second = await start(issues, nats_of("issues"), numbers=SLOW_POLL)
    await start(volunteers, nats_of("volunteers"))

    await second.publish(withdrawn(new_id()))

    await until(lambda: has_effects(volunteers, 1), "only the poll would have found it", seconds=10)
    assert first.messaging.relay.is_leader


async def test_a_message_that_nats_refuses_is_parked_and_blocks_only_its_aggregate(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    poisoned, forbidden, homeless, sound = new_id(), new_id(), new_id(), new_id()
    too_large = withdrawn(poisoned).model_copy(update={"category": "x" * 300_000})
    elsewhere = AddressedMessage("VOLUNTEERS", "volunteers.feicuicheng.fact.v1", forbidden, "issues.fact.v1", {})
    nowhere = AddressedMessage("ISSUES", "issues with spaces", homeless, "issues.fact.v1", {})

    await publisher.publish(too_large, withdrawn(poisoned), elsewhere, nowhere, withdrawn(sound))

    await until(lambda: has_effects(volunteers, 1), "a poisoned message blocks others")
    await until(lambda: are_parked(issues, 3), "not parked")
    await publisher.publish(withdrawn(sound), withdrawn(poisoned))
    await until(lambda: has_effects(volunteers, 2), "a parked message blocks others")
    assert await effects(volunteers) == [(sound, 1), (sound, 2)]
    found = await parked(publisher.messaging.database)
    assert {row["aggregate_id"]: row["attempts"] for row in found} == {poisoned: 3, forbidden: 3, homeless: 3}
    assert (
        "permissions violation" in next(row["last_error"] for row in found if row["aggregate_id"] == forbidden).lower()
    )
    await until(lambda: gauge_is("outbox_parked", 3), "the gauge does not tell")
    await until(lambda: gauge_is("outbox_unpublished", 2), "the gauge does not tell")

    await rows(issues, 'UPDATE outbox SET data = data || \'{"category": "x"}\' WHERE aggregate_id = $1', poisoned)
    state = SimpleNamespace(messaging=publisher.messaging, database=publisher.pool)
    assert await run_command(None, lambda _: SimpleNamespace(state=state), "parked", "list", []) == 0
    assert (
        await run_command(None, lambda _: SimpleNamespace(state=state), "parked", "release", [str(found[0]["id"])]) == 0
    )
    publisher.messaging.wake.set()

    await until(lambda: has_effects(volunteers, 5), "it stays parked")
    assert in_order_once(await effects(volunteers), [poisoned], 3)


async def are_parked(database: Database, number: int) -> bool:
    return len(await rows(database, "SELECT id FROM outbox WHERE parked_at IS NOT NULL")) == number


async def gauge_is(name: str, value: float) -> bool:
    return REGISTRY.get_sample_value(name, {"service": "issues"}) == value


async def test_a_sequence_given_twice_is_seen_as_a_loss(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    aggregates = [new_id() for _ in range(3)]
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    await until(lambda: nothing_waits(issues), "not published")
    await until(lambda: has_effects(volunteers, 3), "not applied")
    last = (await rows(issues, "SELECT max(stream_seq) FROM outbox"))[0][0]
    # As if the stream had lost its last three and given their sequences to others before anybody looked.
    await rows(issues, "UPDATE outbox SET stream_seq = stream_seq + 3")
    publisher.messaging.relay._memory._highest["ISSUES"] = last + 3

    await publisher.publish(withdrawn(new_id()))

    await until(lambda: has_effects(volunteers, 4), "the next message was lost")
    await until(lambda: real_sequences(issues, last + 1), "the older rows were not published again")
    assert len(await effects(volunteers)) == 4
    republished = REGISTRY.get_sample_value("outbox_republished_total", {"service": "issues", "stream": "ISSUES"})
    assert republished is not None
    assert republished >= 3


async def real_sequences(database: Database, highest: int) -> bool:
    found = await rows(database, "SELECT max(stream_seq), count(*) FILTER (WHERE stream_seq IS NULL) FROM outbox")
    return tuple(found[0]) == (highest, 0)


async def test_published_messages_inbox_rows_and_answers_are_removed_when_their_time_is_over(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"), numbers=replace(QUICK, relay=replace(QUICK.relay, chunk=2)))
    aggregates = [new_id() for _ in range(5)]
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    await until(lambda: nothing_waits(issues), "not published")
    await rows(
        issues, "UPDATE outbox SET published_at = now() - interval '8 days' WHERE aggregate_id <> $1", aggregates[0]
    )
    for age in ("29 days", "31 days"):
        await rows(
            issues, f"INSERT INTO inbox VALUES ('c', gen_random_uuid(), 'feicuicheng', now() - interval '{age}')"
        )
    await until(lambda: leads(publisher), "the only replica does not lead")

    await publisher.messaging._housekeeping.tidy()

    left = await rows(issues, "SELECT aggregate_id FROM outbox")
    assert [row[0] for row in left] == [aggregates[0]]
    assert len(await rows(issues, "SELECT * FROM inbox")) == 1
    await publisher.publish(withdrawn(aggregates[1]))
    versions = await rows(issues, "SELECT aggregate_version FROM outbox WHERE aggregate_id = $1", aggregates[1])
    assert [row[0] for row in versions] == [2]


async def test_a_transaction_that_commits_late_is_not_overlooked(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    late, early = new_id(), new_id()

    async with publisher.unit_of_work(COMMUNITY, correlation_id="late") as uow:
        await uow.publish(withdrawn(late))
        await uow.finish(None)  # its row has the lower position now
        await publisher.publish(withdrawn(early))
        await until(lambda: has_effects(volunteers, 1), "the early one was not relayed")

    await until(lambda: has_effects(volunteers, 2), "the late one was overlooked")
    assert await effects(volunteers) == [(early, 1), (late, 1)]


async def test_a_refused_command_leaves_no_message_and_no_gap(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    aggregate = new_id()

    async def refused() -> None:
        async with publisher.unit_of_work(COMMUNITY, correlation_id="refused") as uow:
            await uow.publish(withdrawn(aggregate))
            await uow.finish(None)
            raise LookupError

    with pytest.raises(LookupError):
        await refused()
    await publisher.publish(withdrawn(aggregate))

    await until(lambda: has_effects(volunteers, 1), "the next message waits for one that never was")
    assert await effects(volunteers) == [(aggregate, 1)]
    assert await unpublished(issues) in (0, 1)


async def test_a_document_for_a_partner_travels_unchanged_on_a_stream_of_its_own(
    fresh_database_of: Callable[..., Database], start: Start, nats_of: NatsOf
) -> None:
    notify = await start(fresh_database_of("notify", prepare), nats_of("notify"), reactions={})
    document = {"specversion": "1.0", "type": "cn.mulin.issues.issue_resolved.v1", "data": {"outcome": "solved"}}
    client = await admin(nats_of("admin"))
    address = "partners.sub1.feicuicheng.issues.issue_resolved.v1"

    await notify.publish(AddressedMessage("PARTNERS", address, new_id(), "issues.issue_resolved.v1", document))

    async def arrived() -> bool:
        return (await client.jetstream().stream_info("PARTNERS")).state.messages == 1

    await until(arrived, "nothing on the partners' stream")
    message = await client.jetstream().get_last_msg("PARTNERS", address)
    assert message.data is not None
    assert orjson.loads(message.data) == document
    await client.close()
