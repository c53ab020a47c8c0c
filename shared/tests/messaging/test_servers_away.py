"""NATS or PostgreSQL go away and come back, also with an older memory: commands go on, nothing is lost, nothing happens twice."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.testing.databases import Database, Databases
from shared.testing.fixtures import new_nats
from shared.testing.servers import Nats, Servers
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.world import (
    QUICK,
    Service,
    dead_letters,
    effects,
    has_effects,
    in_order_once,
    make_impatient,
    nothing_waits,
    prepare,
    rows,
    unpublished,
    until,
    withdrawn,
)


@pytest.fixture
def own_nats() -> Iterator[Nats]:
    """A NATS for this test alone, to stop and start."""
    server = new_nats()
    try:
        server.start()
        server.provision()
        make_impatient(server)
        yield server
    finally:
        server.remove()


async def test_commands_succeed_while_nats_is_stopped_and_the_backlog_drains_in_order(
    own_nats: Nats, issues: Database, volunteers: Database, start: Start
) -> None:
    publisher = await start(issues, own_nats.url("issues"))
    await start(volunteers, own_nats.url("volunteers"))
    aggregates = [new_id() for _ in range(10)]

    async def resident(aggregate: UUID) -> None:
        for _ in range(20):
            await publisher.publish(withdrawn(aggregate))
            await asyncio.sleep(0.01)

    load = asyncio.gather(*(resident(aggregate) for aggregate in aggregates))
    await until(lambda: has_effects(volunteers, 20), "no load")
    await asyncio.to_thread(own_nats.kill)
    await load  # every command succeeded
    assert await unpublished(issues) > 0
    assert publisher.deaths == []

    await asyncio.to_thread(own_nats.start)

    await until(lambda: has_effects(volunteers, 200), "the backlog does not drain")
    assert in_order_once(await effects(volunteers), aggregates, 20)
    await until(lambda: nothing_waits(issues), "the outbox was not marked")
    assert len(await effects(volunteers)) == 200


async def test_nats_with_an_older_memory_is_healed_from_the_outbox_once(
    own_nats: Nats, issues: Database, volunteers: Database, start: Start, tmp_path: Path
) -> None:
    aggregates = [new_id() for _ in range(5)]
    publisher = await start(issues, own_nats.url("issues"))
    consumer = await start(volunteers, own_nats.url("volunteers"))
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    await until(lambda: has_effects(volunteers, 5), "no effects before the copy")
    await asyncio.to_thread(own_nats.stop)
    shutil.copytree(own_nats.store, tmp_path / "older")
    await asyncio.to_thread(own_nats.start)
    await until(lambda: is_connected(publisher), "no connection")
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate), withdrawn(aggregate))
    await until(lambda: nothing_waits(issues), "not published before the loss")
    await consumer.messaging.stop()  # some were consumed before the loss, some were not
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    await until(lambda: nothing_waits(issues), "not published before the loss")

    await asyncio.to_thread(own_nats.kill)
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate))
    shutil.rmtree(own_nats.store)
    shutil.copytree(tmp_path / "older", own_nats.store)
    await asyncio.to_thread(own_nats.start)
    await start(volunteers, own_nats.url("volunteers"))

    await until(lambda: has_effects(volunteers, 25), "messages stayed lost")
    await until(lambda: nothing_waits(issues), "not published again")
    assert in_order_once(await effects(volunteers), aggregates, 5)
    seqs = await rows(issues, "SELECT count(DISTINCT stream_seq), count(*) FROM outbox")
    assert tuple(seqs[0]) == (25, 25)


async def test_nats_made_anew_gets_everything_again(
    own_nats: Nats, issues: Database, volunteers: Database, start: Start
) -> None:
    aggregates = [new_id() for _ in range(5)]
    publisher = await start(issues, own_nats.url("issues"))
    for aggregate in aggregates:
        await publisher.publish(withdrawn(aggregate), withdrawn(aggregate))
    await until(lambda: nothing_waits(issues), "not published before the loss")

    await asyncio.to_thread(own_nats.kill)
    shutil.rmtree(own_nats.store)
    await asyncio.to_thread(own_nats.start)
    await asyncio.to_thread(own_nats.provision)
    await asyncio.to_thread(make_impatient, own_nats)
    await start(volunteers, own_nats.url("volunteers"))

    await until(lambda: has_effects(volunteers, 10), "messages stayed lost")
    assert in_order_once(await effects(volunteers), aggregates, 2)


async def test_postgresql_away_terminates_nothing_and_everything_is_applied_once(
    own_servers: Callable[[], Servers], start: Start
) -> None:
    own = own_servers()
    make_impatient(own.nats)
    databases = Databases(own.postgres)
    issues, volunteers = databases.create("issues", prepare), databases.create("volunteers", prepare)
    publisher = await start(issues, own.nats.url("issues"))
    await start(volunteers, own.nats.url("volunteers"))
    aggregates = [new_id() for _ in range(20)]
    for aggregate in aggregates:
        await publisher.publish(*[withdrawn(aggregate)] * 3)
    await until(lambda: effects(volunteers), "no effects before the stop")

    await asyncio.to_thread(own.kill_postgres)
    await asyncio.sleep(1.5)  # longer than all tries of a failing message together
    await asyncio.to_thread(own.start_postgres)

    await until(lambda: has_effects(volunteers, 60), "messages were lost")
    await publisher.publish(withdrawn(aggregates[0]))
    await until(lambda: has_effects(volunteers, 61), "the relay did not come back")
    assert in_order_once(await effects(volunteers), aggregates[1:], 3)
    assert await dead_letters(volunteers) == []
    assert publisher.deaths == []


async def test_a_service_that_starts_without_nats_serves_and_catches_up(
    own_nats: Nats, issues: Database, volunteers: Database, start: Start
) -> None:
    await asyncio.to_thread(own_nats.stop)
    impatient = replace(QUICK, connect_wait_seconds=0.2)
    publisher = await start(issues, own_nats.url("issues"), numbers=impatient)
    await start(volunteers, own_nats.url("volunteers"), numbers=impatient)
    await publisher.publish(withdrawn(new_id()))

    await asyncio.to_thread(own_nats.start)

    await until(lambda: has_effects(volunteers, 1), "the message was lost")
    assert publisher.deaths == []


async def is_connected(service: Service) -> bool:
    return service.messaging.broker.is_connected
