"""What a service refuses to start with, and what makes it end: drift, refused credentials, a consumer that hears nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest

from deploy.nats.provision import provision, stream_config
from shared.contracts.issues import IssueWithdrawn
from shared.http.health import Unfit
from shared.ids import new_id
from shared.messaging import Consumers
from shared.messaging.connection import CredentialsRefused
from shared.messaging.drift import ConfigurationDrift
from shared.messaging.failures import GAVE_UP
from shared.messaging.topology import STREAMS
from shared.testing.databases import Database
from shared.tests.messaging.conftest import Start
from shared.tests.messaging.process import CRASHED
from shared.tests.messaging.world import (
    IMPATIENT,
    Process,
    Service,
    admin,
    apply_effect,
    dead_letters,
    effects,
    has_effects,
    new_service,
    until,
    withdrawn,
)

NatsOf = Callable[[str], str]
MINE = next(consumer for consumer in IMPATIENT if consumer.durable == "volunteers-issues")


@pytest.fixture
def service(volunteers: Database, nats_of: NatsOf) -> Service:
    return new_service(volunteers, nats_of("volunteers"), reactions={IssueWithdrawn: apply_effect})


async def refusal(service: Service) -> str:
    try:
        with pytest.raises(ConfigurationDrift) as refused:
            await service.messaging.start()
    finally:
        await service.pool.close()
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"ack_wait": 7.0}, "volunteers-issues.ack_wait: is 7.0, must be 2.0"),
        ({"max_deliver": 3}, "volunteers-issues.max_deliver: is 3, must be 12"),
        ({"max_ack_pending": 1}, "volunteers-issues.max_ack_pending: is 1"),
        ({"filter_subject": "issues.*.issue_resolved.v1"}, "volunteers-issues.filter_subject: is 'issues.*"),
    ],
    ids=["ack_wait", "max_deliver", "max_ack_pending", "filter_subject"],
)
async def test_a_consumer_that_differs_stops_the_start_and_the_field_is_named(
    changes: dict[str, object], named: str, service: Service, nats_of: NatsOf
) -> None:
    await provision(nats_of("provisioner"), streams=(), consumers=(replace(MINE, **changes),))  # type: ignore[arg-type]

    assert named in await refusal(service)


async def test_a_stream_that_differs_stops_the_start_and_the_field_is_named(service: Service, nats_of: NatsOf) -> None:
    own = next(stream for stream in STREAMS if stream.name == "VOLUNTEERS")
    client = await admin(nats_of("admin"))
    await client.jetstream().update_stream(stream_config(replace(own, max_age=3600.0, discard="old")))
    await client.close()

    said = await refusal(service)
    assert "VOLUNTEERS.max_age: is 3600.0, must be 1209600.0" in said
    assert "VOLUNTEERS.discard: is 'old', must be 'new'" in said


async def test_a_missing_consumer_stops_the_start(service: Service, nats_of: NatsOf) -> None:
    client = await admin(nats_of("admin"))
    await client.jetstream().delete_consumer("ISSUES", "volunteers-issues")
    await client.close()

    assert "ISSUES/volunteers-issues: missing" in await refusal(service)


async def test_refused_credentials_stop_the_start_at_once_with_a_clear_word(
    volunteers: Database, nats_of: NatsOf
) -> None:
    service = new_service(volunteers, nats_of("volunteers").replace("volunteers-pw", "wrong"))
    began = time.monotonic()

    with pytest.raises(CredentialsRefused, match="NATS refuses user and password of volunteers"):
        await service.messaging.start()

    assert time.monotonic() - began < 15  # the promise of the design, not a measure
    await service.pool.close()


def test_a_handler_for_what_nobody_would_deliver_is_a_mistake_that_shows_at_once(
    volunteers: Database, nats_of: NatsOf
) -> None:
    with pytest.raises(RuntimeError, match="events-issues: not in "):
        new_service(replace(volunteers, service="events"), nats_of("events"), reactions={IssueWithdrawn: apply_effect})


def test_one_consumer_has_one_handler_per_type() -> None:
    consumers = Consumers("volunteers")
    consumers.consumes(IssueWithdrawn)(apply_effect)
    with pytest.raises(TypeError, match="is handled by apply_effect; use another purpose"):
        consumers.consumes(IssueWithdrawn)(apply_effect)
    consumers.consumes(IssueWithdrawn, purpose="other")(apply_effect)
    assert [durable.name for durable in consumers.durables()] == ["volunteers-issues", "volunteers-other-issues"]


async def test_a_deleted_consumer_is_noticed_and_ends_the_process(
    volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    consumer = await start(volunteers, nats_of("volunteers"))
    await consumer.messaging.liveness["consumers"]()
    client = await admin(nats_of("admin"))
    await client.jetstream().delete_consumer("ISSUES", "volunteers-issues")
    await client.close()

    async def has_died() -> bool:
        return bool(consumer.deaths)

    await until(has_died, "nobody noticed")
    assert consumer.deaths[0] == "consumer volunteers-issues does not exist on the server"
    with pytest.raises(Unfit, match="does not exist"):
        await consumer.messaging.liveness["consumers"]()


async def test_a_consumer_with_waiting_messages_and_no_progress_is_noticed(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    consumer = await start(volunteers, nats_of("volunteers"))
    publisher = await start(issues, nats_of("issues"))
    (engine,) = consumer.messaging.engines
    engine._pull._requests.clear()
    engine._pull._inbox = ""  # as if it had forgotten to ask
    client = await admin(nats_of("admin"))
    assert engine._pull._subscription is not None
    await engine._pull._subscription.unsubscribe()
    await client.close()

    await publisher.publish(withdrawn(new_id()))

    async def has_died() -> bool:
        return bool(consumer.deaths)

    await until(has_died, "nobody noticed")
    assert consumer.deaths[0] == "consumer volunteers-issues has waiting messages and hears none"


async def test_a_closed_connection_ends_the_process_instead_of_starving_it(
    volunteers: Database, start: Start, nats_of: NatsOf
) -> None:
    consumer = await start(volunteers, nats_of("volunteers"))

    await consumer.messaging.broker.client.close()

    assert consumer.deaths == ["the NATS client closed the connection and would not open it again"]


def test_the_real_end_of_a_process_has_the_status_that_makes_a_supervisor_restart_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from shared.messaging.connection import exit_process; exit_process('test')"],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert done.returncode == 70


async def test_a_message_that_kills_the_process_is_given_up_and_its_neighbours_are_not(
    issues: Database, volunteers: Database, start: Start, nats_of: NatsOf, launch: Callable[..., Process]
) -> None:
    publisher = await start(issues, nats_of("issues"))
    killer, innocent = new_id(), [new_id() for _ in range(30)]
    for aggregate in [*innocent[:15], killer, *innocent[15:]]:
        await publisher.publish(withdrawn(aggregate))

    ended = 0
    while not await dead_letters(volunteers):
        assert ended <= 3, "it kills for ever"  # once unsuspected, twice on trial
        process = launch(volunteers, nats_of("volunteers"), killer=killer)
        await until(partial(over, process, volunteers), "neither killed nor given up")
        if process.process.poll() is not None:
            assert process.process.returncode == CRASHED
            ended += 1

    await until(lambda: has_effects(volunteers, 30), "the innocent were lost")
    letters = await dead_letters(volunteers)
    assert [(row["reason"], row["attempts"]) for row in letters] == [(GAVE_UP, 4)]
    assert {aggregate for aggregate, _ in await effects(volunteers)} == set(innocent)


async def over(process: Process, database: Database) -> bool:
    return process.process.poll() is not None or bool(await dead_letters(database))


@pytest.fixture
def launch() -> Iterator[Callable[..., Process]]:
    processes: list[Process] = []

    def begin(database: Database, nats_url: str, **told: object) -> Process:
        processes.append(Process(database, nats_url, **told))
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
