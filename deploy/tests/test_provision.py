"""The provisioning step on the real server: complete, repeatable, and honest about drift."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nats
import pytest
from nats.js.errors import BadRequestError, ServiceUnavailableError

from deploy.nats.config import PROVISIONER
from deploy.nats.provision import ProvisioningError, consumer_config, provision, stream_config
from deploy.nats.topology import CONSUMERS, STREAMS, Stream, partner_consumer
from shared.testing.servers import ADMIN, Servers

OwnServers = Callable[[], Servers]
ROOT = Path(__file__).resolve().parents[2]
SMALL = Stream("SMALL", ("small.>",), "A stream that is soon full", max_bytes=2048)


async def test_everything_is_there_and_the_second_time_nothing_is_done(nats_of: Callable[[str], str]) -> None:
    assert await provision(nats_of(PROVISIONER)) == []
    connection = await nats.connect(nats_of(ADMIN))
    js = connection.jetstream()
    assert {stream.config.name for stream in await js.streams_info()} == {stream.name for stream in STREAMS}
    for stream in STREAMS:
        found = {consumer.name for consumer in await js.consumers_info(stream.name)}
        assert found == {consumer.durable for consumer in CONSUMERS if consumer.stream == stream.name}
    await connection.close()


async def test_drift_is_named_by_field_and_mended(own_servers: OwnServers) -> None:
    url = own_servers().nats.url(PROVISIONER)
    issues = next(stream for stream in STREAMS if stream.name == "ISSUES")
    consumer = next(consumer for consumer in CONSUMERS if consumer.durable == "volunteers-issues")
    connection = await nats.connect(url, inbox_prefix=b"_INBOX_provisioner")
    js = connection.jetstream()
    await js.update_stream(stream_config(replace(issues, max_age=3600.0, duplicate_window=120.0)))
    await js.add_consumer("ISSUES", consumer_config(replace(consumer, max_deliver=3)))
    await js.delete_consumer("GATEWAY", "events-gateway")
    await connection.close()

    found = {str(drift) for drift in await provision(url, change=False)}
    assert found == {
        "ISSUES.max_age: is 3600.0, must be 1209600.0",
        "ISSUES.duplicate_window: is 120.0, must be 600.0",
        "ISSUES/volunteers-issues.max_deliver: is 3, must be 12",
        "GATEWAY/events-gateway: missing",
    }
    assert len(await provision(url)) == 4
    assert await provision(url, change=False) == []


async def test_what_cannot_be_changed_in_place_is_said_and_left_alone(own_servers: OwnServers) -> None:
    url = own_servers().nats.url(PROVISIONER)
    await provision(url, streams=[SMALL], consumers=[])
    with pytest.raises(ProvisioningError, match=r"SMALL.storage: is 'file', must be 'memory'"):
        await provision(url, streams=[replace(SMALL, storage="memory")], consumers=[])


async def test_a_full_stream_refuses_and_keeps_what_it_has(own_servers: OwnServers) -> None:
    servers = own_servers()
    await provision(servers.nats.url(PROVISIONER), streams=[SMALL], consumers=[])
    connection = await nats.connect(servers.nats.url(ADMIN))
    js = connection.jetstream()
    await js.publish("small.thing", b"x" * 1500)
    with pytest.raises((BadRequestError, ServiceUnavailableError)):
        await js.publish("small.thing", b"x" * 1500)
    assert (await js.stream_info("SMALL")).state.first_seq == 1
    await connection.close()


async def test_the_same_message_twice_is_stored_once(nats_of: Callable[[str], str]) -> None:
    connection = await nats.connect(nats_of(ADMIN))
    js = connection.jetstream()
    answers = [
        await js.publish("issues.feicuicheng.something.v1", b"{}", headers={"Nats-Msg-Id": "same"}) for _ in range(2)
    ]
    assert [answer.duplicate or False for answer in answers] == [False, True]
    await connection.close()


def test_the_command_reports_drift_with_its_exit_status(own_servers: OwnServers) -> None:
    url = own_servers().nats.url(PROVISIONER)
    assert run("--check", url=url).returncode == 0
    in_need_of = run("--check", url=url.replace(PROVISIONER + "-pw", "wrong"))
    assert in_need_of.returncode != 0


def test_a_partner_consumer_filters_its_own_subjects() -> None:
    consumer = partner_consumer("0192f0c1")
    assert (consumer.stream, consumer.durable, consumer.filter_subject) == (
        "PARTNERS",
        "partner-0192f0c1",
        "partners.0192f0c1.>",
    )


def run(*arguments: str, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.nats.provision", *arguments],
        cwd=ROOT,
        env={**os.environ, "MULIN_NATS_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
