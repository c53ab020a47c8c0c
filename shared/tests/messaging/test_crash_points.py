"""A process that ends hard between any two steps: the next one heals it, nothing is lost and nothing happens twice."""

from collections.abc import Callable, Iterator

import pytest

from shared.ids import new_id
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.process import CRASHED
from shared.tests.messaging.world import (
    Process,
    effects,
    has_effects,
    in_order_once,
    nothing_waits,
    rows,
    unpublished,
    until,
    withdrawn,
)

Launch = Callable[..., Process]


@pytest.fixture
def launch() -> Iterator[Launch]:
    processes: list[Process] = []

    def begin(database: Database, nats_url: str, **told: object) -> Process:
        processes.append(Process(database, nats_url, **told))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()


async def test_ending_before_the_commit_leaves_neither_change_nor_message(
    issues: Database, launch: Launch, nats_of: Callable[[str], str]
) -> None:
    process = launch(issues, nats_of("issues"), publish=[new_id()], crash="before-commit")

    assert await process.ends() == CRASHED
    assert await rows(issues, "SELECT * FROM outbox") == []


async def test_ending_after_the_commit_and_before_the_publish_is_made_up_for(
    issues: Database, volunteers: Database, launch: Launch, start: Start, nats_of: Callable[[str], str]
) -> None:
    issue = new_id()
    assert await launch(issues, nats_of("issues"), publish=[issue, issue], crash="after-commit").ends() == CRASHED
    assert await unpublished(issues) >= 1
    committed = len(await rows(issues, "SELECT id FROM outbox"))

    await start(issues, nats_of("issues"))
    await start(volunteers, nats_of("volunteers"))

    await until(lambda: has_effects(volunteers, committed), "the message was lost")
    assert in_order_once(await effects(volunteers), [issue], committed)


async def test_ending_after_the_publish_and_before_the_mark_publishes_again_and_counts_once(
    issues: Database, volunteers: Database, launch: Launch, start: Start, nats_of: Callable[[str], str]
) -> None:
    issue, later = new_id(), new_id()
    await start(volunteers, nats_of("volunteers"))
    assert await launch(issues, nats_of("issues"), publish=[issue], crash="after-publish").ends() == CRASHED
    await until(lambda: has_effects(volunteers, 1), "the message had been published")
    assert await unpublished(issues) == 1

    publisher = await start(issues, nats_of("issues"))
    await publisher.publish(withdrawn(later))

    await until(lambda: nothing_waits(issues), "the outbox was not marked")
    await until(lambda: has_effects(volunteers, 2), "the next message was lost")
    assert await effects(volunteers) == [(issue, 1), (later, 1)]


async def test_ending_after_the_effect_and_before_the_acknowledgement_does_not_repeat_the_effect(
    issues: Database, volunteers: Database, launch: Launch, start: Start, nats_of: Callable[[str], str]
) -> None:
    issue, later = new_id(), new_id()
    publisher = await start(issues, nats_of("issues"))
    consumer = launch(volunteers, nats_of("volunteers"), crash="after-effect")
    await consumer.says("ready")
    await publisher.publish(withdrawn(issue))
    assert await consumer.ends() == CRASHED
    assert await effects(volunteers) == [(issue, 1)]

    await publisher.publish(withdrawn(issue), withdrawn(later))
    await start(volunteers, nats_of("volunteers"))

    await until(lambda: has_effects(volunteers, 3), "later messages wait for ever")
    assert sorted(await effects(volunteers)) == sorted([(issue, 1), (issue, 2), (later, 1)])


async def test_stopping_in_the_middle_of_a_handler_finishes_it_and_loses_nothing(
    issues: Database, volunteers: Database, launch: Launch, start: Start, nats_of: Callable[[str], str]
) -> None:
    publisher = await start(issues, nats_of("issues"))
    consumer = launch(volunteers, nats_of("volunteers"), slow=True)
    await consumer.says("ready")
    aggregates = [new_id() for _ in range(6)]
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate), withdrawn(aggregate))
    await consumer.says("handling")

    consumer.process.terminate()
    assert await consumer.ends() == 0
    finished = len(await effects(volunteers))
    assert 1 <= finished < 12
    await start(volunteers, nats_of("volunteers"))

    await until(lambda: has_effects(volunteers, 12), "messages were lost")
    assert in_order_once(await effects(volunteers), aggregates, 2)


async def test_killing_a_consumer_in_the_middle_of_its_work_loses_and_repeats_nothing(
    issues: Database, volunteers: Database, launch: Launch, start: Start, nats_of: Callable[[str], str]
) -> None:
    publisher = await start(issues, nats_of("issues"))
    consumer = launch(volunteers, nats_of("volunteers"))
    await consumer.says("ready")
    aggregates = [new_id() for _ in range(40)]
    for aggregate in aggregates:
        await publisher.publish(*[withdrawn(aggregate)] * 3)
    await until(lambda: effects(volunteers), "the consumer does not work")
    consumer.kill()

    await start(volunteers, nats_of("volunteers"))

    await until(lambda: has_effects(volunteers, 120), "messages were lost", 60)
    assert in_order_once(await effects(volunteers), aggregates, 3)
