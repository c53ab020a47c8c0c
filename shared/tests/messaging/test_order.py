"""Delivered twice, delivered in the wrong order, delivered to two replicas: each effect once and in order."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from shared.contracts.issues import IssueWithdrawn
from shared.ids import new_id
from shared.messaging.envelope import compose
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import (
    COMMUNITY,
    admin,
    dead_letters,
    effects,
    has_effects,
    in_order_once,
    rows,
    signed,
    slower,
    until,
    withdrawn,
)

NatsOf = Callable[[str], str]
SUBJECT = IssueWithdrawn.subject(COMMUNITY)


def wire(aggregate: UUID, version: int, message_id: UUID | None = None, *, handled: bool = True) -> bytes:
    message = withdrawn(aggregate) if handled else signed(aggregate)
    return compose(
        id=message_id or new_id(),
        message_type=message.message_type,
        community=COMMUNITY,
        aggregate_id=aggregate,
        aggregate_version=version,
        time=datetime.now(UTC),
        data=message.model_dump_json().encode(),
        correlation_id=None,
        causation_id=None,
    )


async def test_a_message_stored_twice_is_applied_once(volunteers: Database, start: Start, nats_of: NatsOf) -> None:
    await start(volunteers, nats_of("volunteers"))
    client = await admin(nats_of("admin"))
    js, aggregate, message_id = client.jetstream(), new_id(), new_id()

    for _ in range(5):  # without Nats-Msg-Id the server keeps every copy
        await js.publish(SUBJECT, wire(aggregate, 1, message_id))
    await js.publish(SUBJECT, wire(aggregate, 2))

    await until(lambda: has_effects(volunteers, 2), "messages were lost")
    assert await effects(volunteers) == [(aggregate, 1), (aggregate, 2)]
    await client.close()


async def test_a_message_that_comes_before_its_predecessor_waits_for_it(
    volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    await start(volunteers, nats_of("volunteers"))
    client = await admin(nats_of("admin"))
    js, aggregate = client.jetstream(), new_id()

    for version in (3, 2):
        await js.publish(SUBJECT, wire(aggregate, version))
    await js.publish(SUBJECT, wire(other := new_id(), 1))
    await until(lambda: has_effects(volunteers, 1), "others are held up")
    assert await effects(volunteers) == [(other, 1)]
    await js.publish(SUBJECT, wire(aggregate, 1, handled=False))

    await until(lambda: has_effects(volunteers, 3), "waiting messages never came")
    assert (await effects(volunteers))[1:] == [(aggregate, 2), (aggregate, 3)]
    assert await dead_letters(volunteers) == []
    await client.close()


async def test_a_predecessor_that_never_comes_is_not_waited_for_for_ever(
    volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    short = slower()
    retries = type(short.consumer.retries)(tries=2, first=0.02, longest=0.05, gap_first=0.02, gap_tries=3)
    await start(volunteers, nats_of("volunteers"), numbers=slower(retries=retries))
    client = await admin(nats_of("admin"))
    js, aggregate = client.jetstream(), new_id()

    await js.publish(SUBJECT, wire(aggregate, 2))
    await js.publish(SUBJECT, wire(aggregate, 3))

    await until(lambda: has_effects(volunteers, 1), "the aggregate stands still for ever")
    assert await effects(volunteers) == [(aggregate, 3)]
    assert [(row["reason"], row["attempts"]) for row in await dead_letters(volunteers)] == [("gap", 3)]
    await client.close()


async def test_two_replicas_share_the_work_and_keep_the_order(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    for _ in range(2):
        await start(volunteers, nats_of("volunteers"), numbers=slower(batch=8))
    aggregates = [new_id() for _ in range(20)]

    for _ in range(4):
        await asyncio.gather(*(publisher.publish(withdrawn(aggregate), signed(aggregate)) for aggregate in aggregates))

    await until(lambda: has_effects(volunteers, 80), "messages were lost")
    found = await effects(volunteers)
    assert all([v for known, v in found if known == aggregate] == [1, 3, 5, 7] for aggregate in aggregates)
    assert await dead_letters(volunteers) == []


async def test_commands_in_parallel_give_one_gapless_row_of_versions(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    aggregates = [new_id() for _ in range(4)]

    async def command(number: int) -> None:
        turned = aggregates[number % 4 :] + aggregates[: number % 4]  # each command takes them in another order
        await publisher.publish(*(withdrawn(aggregate) for aggregate in turned))

    await asyncio.gather(*(command(number) for number in range(25)))

    await until(lambda: has_effects(volunteers, 100), "messages were lost")
    assert in_order_once(await effects(volunteers), aggregates, 25)
    found = await rows(issues, "SELECT aggregate_id, aggregate_version FROM outbox ORDER BY position")
    assert in_order_once([(row[0], row[1]) for row in found], aggregates, 25)
