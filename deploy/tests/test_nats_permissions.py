"""A service can do its work on the real server and nothing else; nobody comes in without a password."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError
from nats.js.errors import NotFoundError

from deploy.nats.config import inbox_prefix, wake_subject
from deploy.nats.topology import PUBLISHERS, consumers_of, stream_of
from shared.messaging.partners import AUTH_REQUESTS
from shared.testing.servers import ADMIN, Nats

NatsOf = Callable[[str], str]
SOON = 0.3


@asynccontextmanager
async def connected(url: str, user: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """A connection of a user, and the refusals that the server sent it."""
    refusals: list[str] = []

    async def note(error: Exception) -> None:
        refusals.append(str(error).lower())

    prefix = inbox_prefix(user).encode()
    connection = await nats.connect(url, inbox_prefix=prefix, error_cb=note, allow_reconnect=False)
    try:
        yield connection, refusals
    finally:
        await connection.close()


async def refused(refusals: list[str], times: int = 1) -> None:
    """Wait until the server has said no so often; it says so a moment after the request."""
    for _ in range(500):
        if sum("permissions violation" in refusal for refusal in refusals) >= times:
            return
        await asyncio.sleep(0.01)
    pytest.fail("the server did not refuse")


async def publish_as_admin(nats_of: NatsOf, subject: str) -> None:
    async with connected(nats_of(ADMIN), ADMIN) as (admin, _):
        await admin.jetstream().publish(subject, b"{}")


@pytest.mark.parametrize("service", PUBLISHERS)
async def test_a_service_publishes_its_facts_and_reads_the_state_of_its_stream(service: str, nats_of: NatsOf) -> None:
    async with connected(nats_of(service), service) as (connection, refusals):
        js = connection.jetstream(timeout=2)
        answer = await js.publish(f"{service}.feicuicheng.something.v1", b"{}", stream=stream_of(service))
        assert (await js.stream_info(stream_of(service))).state.last_seq >= answer.seq
        assert refusals == []


@pytest.mark.parametrize("service", [service for service in PUBLISHERS if consumers_of(service)])
async def test_a_service_pulls_and_acknowledges_from_each_of_its_consumers(service: str, nats_of: NatsOf) -> None:
    for consumer in consumers_of(service):
        await publish_as_admin(nats_of, consumer.filter_subject.replace(">", "feicuicheng.something.v1"))
        async with connected(nats_of(service), service) as (connection, refusals):
            js = connection.jetstream(timeout=2)
            pulled = await js.pull_subscribe_bind(consumer.durable, consumer.stream)
            (message,) = await pulled.fetch(1, timeout=2)
            await message.ack_sync(timeout=2)
            assert (await js.consumer_info(consumer.stream, consumer.durable)).num_ack_pending == 0
            assert refusals == []


async def test_the_replicas_of_a_service_can_wake_each_other(nats_of: NatsOf) -> None:
    async with (
        connected(nats_of("issues"), "issues") as (first, _),
        connected(nats_of("issues"), "issues") as (second, _),
    ):
        heard = await second.subscribe(wake_subject("issues"))
        await second.flush()
        await first.publish(wake_subject("issues"), b"")
        await heard.next_msg(timeout=2)


@pytest.mark.parametrize(
    "subject",
    [
        "volunteers.feicuicheng.points_awarded.v1",
        "partners.anything",
        "mulin.wake.notify",
        "$JS.ACK.GATEWAY.events-gateway.1",
    ],
)
async def test_a_service_cannot_publish_what_is_not_its_own(subject: str, nats_of: NatsOf) -> None:
    async with connected(nats_of("issues"), "issues") as (connection, refusals):
        await connection.publish(subject, b"{}")
        await refused(refusals)


@pytest.mark.parametrize(
    "subject", ["gateway.>", ">", "_INBOX_notify.>", "$JS.API.>", "mulin.wake.notify", AUTH_REQUESTS]
)
async def test_a_service_cannot_listen_to_what_is_not_its_own(subject: str, nats_of: NatsOf) -> None:
    async with connected(nats_of("issues"), "issues") as (connection, refusals):
        await connection.subscribe(subject)
        await refused(refusals)


@pytest.mark.parametrize(
    "request_subject",
    [
        "$JS.API.STREAM.DELETE.ISSUES",
        "$JS.API.STREAM.UPDATE.ISSUES",
        "$JS.API.STREAM.PURGE.ISSUES",
        "$JS.API.STREAM.MSG.GET.GATEWAY",
        "$JS.API.STREAM.INFO.GATEWAY",
        "$JS.API.CONSUMER.CREATE.GATEWAY.mine",
        "$JS.API.CONSUMER.DURABLE.CREATE.GATEWAY.mine",
        "$JS.API.CONSUMER.DELETE.GATEWAY.issues-gateway",
        "$JS.API.CONSUMER.MSG.NEXT.GATEWAY.volunteers-gateway",
        "$JS.API.CONSUMER.INFO.GATEWAY.volunteers-gateway",
    ],
)
async def test_a_service_cannot_use_the_rest_of_the_stream_api(request_subject: str, nats_of: NatsOf) -> None:
    async with connected(nats_of("issues"), "issues") as (connection, refusals):
        with pytest.raises((NatsTimeoutError, NoRespondersError)):
            await connection.request(request_subject, b"{}", timeout=SOON)
        await refused(refusals)


async def test_only_notify_touches_consumers_and_only_those_of_partners(nats_of: NatsOf) -> None:
    async with connected(nats_of("notify"), "notify") as (connection, refusals):
        with pytest.raises((NatsTimeoutError, NoRespondersError)):
            await connection.request("$JS.API.CONSUMER.DELETE.GATEWAY.issues-gateway", b"", timeout=SOON)
        await refused(refusals)
        with pytest.raises(NotFoundError):
            await connection.jetstream(timeout=2).delete_consumer("PARTNERS", "partner-unknown")


async def test_the_provisioner_cannot_read_or_write_messages(nats_of: NatsOf) -> None:
    async with connected(nats_of("provisioner"), "provisioner") as (connection, refusals):
        await connection.publish("issues.feicuicheng.issue_resolved.v1", b"{}")
        await connection.subscribe("issues.>")
        await refused(refusals, times=2)


async def test_nobody_comes_in_without_a_known_name_and_the_right_password(nats_server: Nats) -> None:
    address = f"{nats_server.host}:{nats_server.port}"
    for who in ("", "issues@", "issues:wrong@", "sys:wrong@", "partner-unknown:anything@"):
        with pytest.raises(Exception, match=r"(?i)authorization|nats"):
            await nats.connect(f"nats://{who}{address}", allow_reconnect=False, connect_timeout=5)


async def test_what_is_too_large_is_refused(nats_of: NatsOf) -> None:
    async with connected(nats_of("issues"), "issues") as (connection, _):
        assert connection.max_payload == 256 * 1024
