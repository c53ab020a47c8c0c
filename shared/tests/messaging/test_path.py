"""A message from one service's transaction to another's effect, over real servers."""

from collections.abc import Callable

from shared.ids import new_id
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import effects, has_effects, nothing_waits, rows, signed, until, withdrawn


async def test_a_committed_message_has_its_effect_in_the_other_service(
    issues: Database, volunteers: Database, start: Start, nats_of: Callable[[str], str]
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    issue = new_id()

    await publisher.publish(withdrawn(issue))

    await until(lambda: effects(volunteers), "no effect")
    assert await effects(volunteers) == [(issue, 1)]
    await until(lambda: nothing_waits(issues), "the outbox was not marked")


async def test_messages_of_one_aggregate_are_applied_in_order_with_types_nobody_handles_between_them(
    issues: Database, volunteers: Database, start: Start, nats_of: Callable[[str], str]
) -> None:
    publisher = await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))
    aggregates = [new_id() for _ in range(10)]

    for aggregate in aggregates:
        await publisher.publish(signed(aggregate), withdrawn(aggregate), signed(aggregate))
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))

    await until(lambda: has_effects(volunteers, 20), "effects are missing")
    found = await effects(volunteers)
    assert all([version for known, version in found if known == aggregate] == [2, 4] for aggregate in aggregates)
    positions = await rows(volunteers, "SELECT version FROM consumer_positions")
    assert [row["version"] for row in positions] == [4] * 10
