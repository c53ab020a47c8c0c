"""What handlers may do: nothing, take long, hang, or call the wrong thing twice."""

import asyncio
from collections.abc import Callable

from prometheus_client import REGISTRY

from shared.contracts.issues import IssueSigned, IssueWithdrawn
from shared.contracts.message import Message
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.ids import new_id
from shared.messaging import MessageContext
from shared.messaging.settings import RelaySettings, RetrySchedule
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import (
    COMMUNITY,
    NEIGHBOUR,
    admin,
    apply_effect,
    dead_letters,
    effects,
    has_effects,
    record_effect,
    rows,
    slower,
    until,
    withdrawn,
)

NatsOf = Callable[[str], str]
Context = MessageContext[UnitOfWork]


async def test_a_handler_with_nothing_to_do_is_asked_once(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    async def shrug(_message: Message, _context: Context) -> None:
        return

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: shrug})
    issue = new_id()

    await publisher.publish(withdrawn(issue), community=NEIGHBOUR)

    async def noted() -> bool:
        return len(await rows(volunteers, "SELECT * FROM consumer_positions")) == 1

    await until(noted, "nobody noted that there was nothing to do")
    found = (await rows(volunteers, "SELECT consumer, aggregate_id, community, version FROM consumer_positions"))[0]
    assert tuple(found) == ("volunteers-issues", issue, NEIGHBOUR, 1)


async def test_a_handler_that_takes_longer_than_the_server_waits_runs_once(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    calls: list[int] = []

    async def slow(message: Message, context: Context) -> None:
        calls.append(context.attempt)
        await asyncio.sleep(3.0)  # the server would deliver again after 2 s
        await apply_effect(message, context)

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: slow})

    await publisher.publish(withdrawn(new_id()))

    await until(lambda: has_effects(volunteers, 1), "no effect")
    assert calls == [1]


async def test_a_handler_that_hangs_is_cancelled_and_tried_again(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(
        volunteers,
        nats_of("volunteers"),
        reactions={IssueWithdrawn: only_first_hangs},
        numbers=slower(handler_seconds=0.3),
    )

    await publisher.publish(withdrawn(new_id()))

    await until(lambda: has_effects(volunteers, 1), "it hangs for ever")
    assert await dead_letters(volunteers) == []


async def only_first_hangs(message: Message, context: Context) -> None:
    if context.attempt == 1:
        await context.uow.__aenter__()
        await context.uow.connection()  # in the middle of a transaction that holds the inbox row
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            await context.uow.__aexit__(type(error), error, None)
            raise
    await apply_effect(message, context)


async def test_what_is_not_found_may_only_be_not_found_yet(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    async def early(message: Message, context: Context) -> None:
        if context.attempt < 3:
            raise NotFound
        await apply_effect(message, context)

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: early})

    await publisher.publish(withdrawn(new_id()))

    await until(lambda: has_effects(volunteers, 1), "given up too early")
    assert await dead_letters(volunteers) == []


async def test_a_second_use_case_for_one_message_is_a_mistake_that_shows(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    errors: list[BaseException] = []

    async def twice(_message: Message, context: Context) -> None:
        await record_effect(context, context.uow)
        try:
            await record_effect(context, context.uow)
        except RuntimeError as error:
            errors.append(error)
            raise

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: twice})

    await publisher.publish(withdrawn(new_id()))

    async def has_shown() -> bool:
        return bool(errors)

    await until(has_shown, "the second use case was passed over")
    assert "a message gets one use case" in str(errors[0])
    assert len(await effects(volunteers)) == 1


async def test_causation_and_correlation_go_from_message_to_message(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    async def answer(_message: Message, context: Context) -> None:
        async with context.uow as uow:
            await uow.publish(IssueSigned.model_validate({**SIGNED, "issue_id": context.envelope.aggregate_id}))
            await uow.finish(None)

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: answer})

    await publisher.publish(withdrawn(new_id()))

    async def answered() -> bool:
        return len(await rows(volunteers, "SELECT * FROM outbox")) == 1

    await until(answered, "no answer")
    cause = (await rows(issues, "SELECT id, correlation_id, causation_id FROM outbox"))[0]
    effect = (await rows(volunteers, "SELECT correlation_id, causation_id FROM outbox"))[0]
    assert (cause["correlation_id"], cause["causation_id"]) == ("test-correlation", None)
    assert (effect["correlation_id"], effect["causation_id"]) == ("test-correlation", str(cause["id"]))


SIGNED = {
    "issue_id": str(new_id()),
    "number": "FCC-2026-000001",
    "category": "lighting",
    "responsible_organisation": str(new_id()),
    "signed_by": str(new_id()),
}


async def test_lag_tells_the_age_of_what_is_not_processed(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    gate = asyncio.Event()

    async def waits(message: Message, context: Context) -> None:
        await gate.wait()
        await apply_effect(message, context)

    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: waits})
    await publisher.publish(withdrawn(new_id()))

    async def lags() -> bool:
        return lag() > 0.5

    await until(lags, "no lag although a message waits")
    gate.set()
    await until(lambda: has_effects(volunteers, 1), "no effect")

    async def caught_up() -> bool:
        return lag() == 0.0

    await until(caught_up, "lag although nothing waits")


def lag() -> float:
    return REGISTRY.get_sample_value("consumer_lag_seconds", {"consumer": "volunteers-issues"}) or 0.0


def test_pauses_grow_to_their_limit_and_a_gap_waits_longer_than_its_predecessor_fails() -> None:
    schedule = RetrySchedule(jitter=0.0)
    pauses = [schedule.delay(attempt) for attempt in range(1, schedule.tries)]
    waits = [schedule.gap_delay(attempt) for attempt in range(1, schedule.gap_tries)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert waits == sorted(waits)
    assert max(waits) == 300
    assert sum(waits) > sum(pauses) * (1 + RetrySchedule().jitter)
    assert schedule.gap_tries < 12, "the server's own limit would skip the message without a trace"
    assert [RelaySettings().retry_delay(attempt) for attempt in (1, 2, 10)] == [0.5, 1.0, 30.0]


async def test_the_tenant_of_a_handler_is_that_of_the_message(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    for community in (COMMUNITY, NEIGHBOUR):
        await publisher.publish(withdrawn(new_id()), community=community)

    await until(lambda: has_effects(volunteers, 2), "no effects")
    found = await rows(volunteers, "SELECT community FROM effects ORDER BY community")
    assert [row[0] for row in found] == [COMMUNITY, NEIGHBOUR]
    client = await admin(nats_of("admin"))
    last = await client.jetstream().get_last_msg("ISSUES", f"issues.{NEIGHBOUR}.issue_withdrawn.v1")
    assert last.headers is not None
    assert last.headers["Content-Type"] == "application/cloudevents+json"
    await client.close()
