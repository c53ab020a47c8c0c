"""Messages that fail: tried a known number of times, kept, out of the way of the others, and replayed once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from shared.contracts.issues import IssueWithdrawn
from shared.contracts.message import Message
from shared.database.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.ids import new_id
from shared.messaging import MessageContext
from shared.messaging.dead_letters import DeadLetterNotFound, Outcome
from shared.messaging.envelope import compose
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import (
    COMMUNITY,
    TRIES,
    admin,
    apply_effect,
    dead_letters,
    effects,
    has_effects,
    until,
    withdrawn,
)

NatsOf = Callable[[str], str]


class Moody:
    """A reaction that fails for chosen aggregates until it is told not to, and counts its calls."""

    def __init__(self, *bad: UUID, error: Exception | None = None) -> None:
        self.bad = set(bad)
        self.calls: Counter[UUID] = Counter()
        self.error = error or RuntimeError("the handler has a bug")

    async def react(self, message: Message, context: MessageContext[UnitOfWork]) -> None:
        self.calls[message.aggregate_id] += 1
        if message.aggregate_id in self.bad:
            raise self.error
        await apply_effect(message, context)


def envelope(message: Message, *, version: int = 1, **changes: object) -> bytes:
    """The bytes of a message as the relay would send them, with attributes changed or (`None`) left out."""
    body = compose(
        id=new_id(),
        message_type=message.message_type,
        community=COMMUNITY,
        aggregate_id=message.aggregate_id,
        aggregate_version=version,
        time=datetime.now(UTC),
        data=message.model_dump_json().encode(),
        correlation_id="test",
        causation_id=None,
    )
    event = {**orjson.loads(body), **changes}
    return orjson.dumps({name: value for name, value in event.items() if value is not None})


async def have_died(database: Database, number: int) -> bool:
    return len(await dead_letters(database)) >= number


async def deliveries(nats_of: NatsOf) -> int:
    """How often the server has delivered anything to the consumer."""
    client = await admin(nats_of("admin"))
    try:
        delivered = (await client.jetstream().consumer_info("ISSUES", "volunteers-issues")).delivered
        return delivered.consumer_seq if delivered is not None else 0
    finally:
        await client.close()


async def tried(moody: Moody, aggregate: UUID, times: int) -> bool:
    return moody.calls[aggregate] >= times


async def test_a_message_that_always_fails_is_tried_exactly_n_times_and_others_flow(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    bad, good = new_id(), [new_id() for _ in range(30)]
    moody = Moody(bad)
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    before = await deliveries(nats_of)

    await publisher.publish(withdrawn(bad))
    for aggregate in good:
        await publisher.publish(withdrawn(aggregate))

    await until(lambda: has_effects(volunteers, len(good)), "a failing message held up others")
    await until(lambda: have_died(volunteers, 1), "the failing message was not given up")
    letter = (await dead_letters(volunteers))[0]
    assert (letter["reason"], letter["attempts"], letter["community"]) == ("handler-failed", TRIES, COMMUNITY)
    assert "RuntimeError: the handler has a bug" in letter["error"]
    assert moody.calls == {bad: TRIES, **dict.fromkeys(good, 1)}
    assert await deliveries(nats_of) - before == TRIES + len(good)


async def test_what_follows_a_failing_message_waits_for_it_without_a_hot_loop(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    aggregate = new_id()
    moody = Moody(aggregate)
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    before = await deliveries(nats_of)

    await publisher.publish(withdrawn(aggregate), withdrawn(aggregate))
    await until(lambda: tried(moody, aggregate, 2), "not tried again")
    assert await effects(volunteers) == []
    moody.bad.clear()
    await until(lambda: has_effects(volunteers, 2), "the aggregate stands still")

    assert await effects(volunteers) == [(aggregate, 1), (aggregate, 2)]
    assert await deliveries(nats_of) - before <= 2 * TRIES


async def test_a_given_up_message_lets_its_aggregate_go_on_and_is_replayed_once_by_many_at_once(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    aggregate = new_id()
    moody = Moody(aggregate)
    publisher = await start(issues, nats_of("issues"))
    consumer = await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    await publisher.publish(withdrawn(aggregate))
    await until(lambda: have_died(volunteers, 1), "not given up")
    letter_id = (await dead_letters(volunteers))[0]["id"]
    letters = consumer.messaging.dead_letters

    failed = await letters.replay(letter_id)
    assert failed.outcome is Outcome.FAILED
    assert (await dead_letters(volunteers))[0]["replayed_at"] is None

    moody.bad.clear()
    await publisher.publish(withdrawn(aggregate))
    await until(lambda: has_effects(volunteers, 1), "the aggregate stands still")
    replays = await asyncio.gather(*(letters.replay(letter_id) for _ in range(4)))

    assert Counter(replay.outcome for replay in replays) == {Outcome.APPLIED: 1, Outcome.ALREADY_APPLIED: 3}
    assert sorted(await effects(volunteers)) == [(aggregate, 1), (aggregate, 2)]
    assert (await dead_letters(volunteers))[0]["replayed_at"] is not None
    assert await letters.page() == ([], None)
    with pytest.raises(DeadLetterNotFound):
        await letters.replay(new_id())


async def test_all_letters_of_a_consumer_are_replayed_in_the_order_of_their_aggregates(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    aggregates = [new_id(), new_id()]
    moody = Moody(*aggregates)
    publisher = await start(issues, nats_of("issues"))
    consumer = await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate), withdrawn(aggregate), withdrawn(aggregate))
    await until(lambda: have_died(volunteers, 6), "not given up")

    moody.bad.clear()
    first, second = await asyncio.gather(
        consumer.messaging.dead_letters.replay_all("volunteers-issues"), consumer.messaging.dead_letters.replay_all()
    )

    outcomes = Counter(replay.outcome for replay in [*first, *second])
    assert outcomes[Outcome.APPLIED] == 6
    assert outcomes[Outcome.FAILED] == 0
    assert sorted(await effects(volunteers)) == sorted((a, v) for a in aggregates for v in (1, 2, 3))


async def test_a_refusal_by_the_rules_is_not_tried_again(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    aggregate = new_id()
    moody = Moody(aggregate, error=Conflict("不行", "not possible"))
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})

    await publisher.publish(withdrawn(aggregate))

    await until(lambda: have_died(volunteers, 1), "not given up")
    letter = (await dead_letters(volunteers))[0]
    assert (letter["reason"], letter["attempts"], moody.calls[aggregate]) == ("conflict", 1, 1)


BROKEN: dict[str, Callable[[Message], bytes]] = {
    "not-json": lambda _: b"\xff\xfe no json",
    "not-an-envelope": lambda _: b"[1, 2, 3]",
    "wrong-specversion": lambda message: envelope(message, specversion="0.3"),
    "bad-id": lambda message: envelope(message, id=None),
    "bad-type": lambda message: envelope(message, type="com.example.other"),
    "unknown-type": lambda message: envelope(message, type="cn.mulin.issues.issue_withdrawn.v9"),
    "broken-contract": lambda message: envelope(message, data={"issue_id": "no uuid", "number": 5}),
    "bad-aggregateversion": lambda message: envelope(message, aggregateversion="first"),
}


@pytest.mark.parametrize("reason", BROKEN)
async def test_a_message_that_cannot_be_read_dies_at_its_first_delivery_and_others_flow(
    reason: str, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    broken, whole = withdrawn(new_id()), withdrawn(new_id())
    moody = Moody()
    consumer = await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: moody.react})
    client = await admin(nats_of("admin"))
    js = client.jetstream()

    body = BROKEN[reason](broken)
    first = await js.publish(broken.subject(COMMUNITY), body)
    await js.publish(whole.subject(COMMUNITY), envelope(whole))
    await until(lambda: has_effects(volunteers, 1), "the broken message held up others")
    await until(lambda: have_died(volunteers, 1), "the broken message was not kept")

    letter = (await dead_letters(volunteers))[0]
    assert (letter["reason"], letter["attempts"], letter["stream_seq"]) == (reason, 1, first.seq)
    assert letter["body"] == body
    info = await js.consumer_info("ISSUES", "volunteers-issues")
    assert info.num_redelivered == 0
    assert (await consumer.messaging.dead_letters.replay(letter["id"])).outcome is Outcome.FAILED
    await client.close()
