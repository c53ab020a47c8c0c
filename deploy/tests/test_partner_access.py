"""A partner unit on the real server: it pulls what it subscribed to and nothing else, whatever it tries."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import nats
import pytest
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeoutError

from deploy.tests.test_nats_permissions import connected, publish_as_admin, refused
from shared.ids import new_id
from shared.messaging.connection import Broker
from shared.messaging.partners import PartnerConsumers, PartnerDoor, partner_user
from shared.testing.servers import Nats

NatsOf = Callable[[str], str]
PASSWORD = "partner-pw"
SOON = 0.3


@pytest.fixture
async def police(nats_server: Nats, nats_of: NatsOf) -> AsyncIterator[UUID]:
    """A partner with a subscription, its consumer, and notify at the door."""
    subscription = new_id()

    async def verify(asked: UUID, password: str) -> bool:
        return asked == subscription and password == PASSWORD

    broker = Broker(nats_of("notify"), "notify")
    PartnerDoor(broker, nats_server.issuer.seed, verify)
    await broker.start(5)
    await PartnerConsumers(broker).make(subscription)
    yield subscription
    await broker.stop()


def url_for(server: Nats, subscription: UUID, password: str = PASSWORD) -> str:
    return f"nats://{partner_user(subscription)}:{password}@{server.host}:{server.port}"


async def test_a_partner_pulls_its_own_messages_and_acknowledges_them(
    police: UUID, nats_server: Nats, nats_of: NatsOf
) -> None:
    await publish_as_admin(nats_of, f"partners.{new_id()}.feicuicheng.issues.issue_resolved.v1")
    await publish_as_admin(nats_of, f"partners.{police}.feicuicheng.issues.issue_resolved.v1")
    async with connected(url_for(nats_server, police), partner_user(police)) as (connection, refusals):
        own = await connection.jetstream().pull_subscribe_bind(partner_user(police), "PARTNERS")
        messages = await own.fetch(10, timeout=1)
        assert [message.subject for message in messages] == [f"partners.{police}.feicuicheng.issues.issue_resolved.v1"]
        await messages[0].ack_sync(timeout=2)
        with pytest.raises(NatsTimeoutError):
            await own.fetch(1, timeout=SOON)
        assert refusals == []


@pytest.mark.parametrize(
    "subject",
    [
        "partners.{own}.feicuicheng.issues.issue_resolved.v1",
        "issues.feicuicheng.issue_resolved.v1",
        "$JS.ACK.PARTNERS.partner-other.1.1.1.1.1",
        "_INBOX_notify.anything",
        "$SYS.REQ.USER.AUTH",
    ],
)
async def test_a_partner_publishes_nothing(subject: str, police: UUID, nats_server: Nats) -> None:
    async with connected(url_for(nats_server, police), partner_user(police)) as (connection, refusals):
        await connection.publish(subject.format(own=police), b"forged")
        await refused(refusals)


@pytest.mark.parametrize(
    "subject", ["partners.>", "issues.>", ">", "_INBOX.>", "_INBOX_notify.>", "$JS.EVENT.>", "$SYS.>"]
)
async def test_a_partner_listens_to_nothing_but_its_own_replies(subject: str, police: UUID, nats_server: Nats) -> None:
    async with connected(url_for(nats_server, police), partner_user(police)) as (connection, refusals):
        await connection.subscribe(subject)
        await refused(refusals)


@pytest.mark.parametrize(
    "request_subject",
    [
        "$JS.API.CONSUMER.CREATE.PARTNERS.everything",
        "$JS.API.CONSUMER.DURABLE.CREATE.PARTNERS.everything",
        "$JS.API.CONSUMER.DELETE.PARTNERS.partner-{own}",
        "$JS.API.CONSUMER.MSG.NEXT.PARTNERS.partner-other",
        "$JS.API.CONSUMER.NAMES.PARTNERS",
        "$JS.API.STREAM.MSG.GET.PARTNERS",
        "$JS.API.DIRECT.GET.PARTNERS.1",
        "$JS.API.STREAM.INFO.PARTNERS",
        "$JS.API.INFO",
    ],
)
async def test_a_partner_uses_nothing_else_of_the_stream_api(
    request_subject: str, police: UUID, nats_server: Nats
) -> None:
    async with connected(url_for(nats_server, police), partner_user(police)) as (connection, refusals):
        with pytest.raises((NatsTimeoutError, NoRespondersError)):
            await connection.request(request_subject.format(own=police), b"{}", timeout=SOON)
        await refused(refusals)


async def test_a_wrong_password_an_unknown_partner_and_the_name_of_a_service_are_refused(
    police: UUID, nats_server: Nats
) -> None:
    addresses = [
        url_for(nats_server, police, "wrong"),
        url_for(nats_server, new_id()),
        f"nats://partner-{police}@{nats_server.host}:{nats_server.port}",
        f"nats://issues:{PASSWORD}@{nats_server.host}:{nats_server.port}",
    ]
    for address in addresses:
        with pytest.raises((NatsError, asyncio.TimeoutError, OSError)):
            await nats.connect(address, allow_reconnect=False, connect_timeout=5)


async def test_a_partner_whose_consumer_is_taken_away_gets_nothing_more(
    police: UUID, nats_server: Nats, nats_of: NatsOf
) -> None:
    await publish_as_admin(nats_of, f"partners.{police}.feicuicheng.issues.issue_resolved.v1")
    async with connected(url_for(nats_server, police), partner_user(police)) as (connection, _):
        own = await connection.jetstream().pull_subscribe_bind(partner_user(police), "PARTNERS")
        async with connected(nats_of("notify"), "notify") as (notify, _):
            await notify.jetstream().delete_consumer("PARTNERS", partner_user(police))
        with pytest.raises((NatsError, asyncio.TimeoutError)):
            await own.fetch(1, timeout=SOON)
