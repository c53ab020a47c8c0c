"""A partner on NATS: its own messages with its own credentials, and nothing else whatever it tries."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client as NatsClient

from services.notify.tests.builders import an_issue_registered
from services.notify.tests.integration.running import Caller, Town, running, settings_for, the_town, until
from shared.ids import new_id
from shared.messaging import partners
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Databases
from shared.testing.servers import Nats, Servers

TYPES = ["issues.issue_registered.v1"]


class Partner:
    """A partner's program: connects as the documentation says."""

    def __init__(self, made: dict[str, Any], client: NatsClient, refusals: list[str]) -> None:
        self.made = made
        self.client = client
        self.refusals = refusals

    async def pull(self, count: int) -> list[dict[str, Any]]:
        """Pull and acknowledge this many messages."""
        access = self.made["nats"]
        subscription = await self.client.jetstream().pull_subscribe_bind(access["consumer"], access["stream"])
        documents: list[dict[str, Any]] = []

        async def enough() -> bool:
            try:
                for message in await subscription.fetch(count - len(documents), timeout=1):
                    documents.append(json.loads(message.data))
                    await message.ack()
            except (TimeoutError, nats.errors.Error):  # the client raises timeouts of two kinds
                return False
            return len(documents) >= count

        await until(enough)
        await self.client.flush()
        return documents

    async def is_refused(self, subject: str) -> None:
        """Wait until the server has complained about this subject."""
        await until(lambda: any(f'"{subject}"'.lower() in refusal.lower() for refusal in self.refusals))


@asynccontextmanager
async def connected(server: Nats, made: dict[str, Any], password: str | None = None) -> AsyncIterator[Partner]:
    refusals: list[str] = []

    async def note(error: Exception) -> None:
        refusals.append(str(error))

    client = await nats.connect(
        f"nats://{server.host}:{server.port}",
        user=made["nats"]["user"],
        password=password or made["secret"],
        inbox_prefix=made["nats"]["inbox_prefix"],
        error_cb=note,
        allow_reconnect=False,
    )
    try:
        yield Partner(made, client, refusals)
    finally:
        await client.close()


async def refused_to_connect(server: Nats, made: dict[str, Any], password: str) -> bool:
    try:
        async with connected(server, made, password):
            return False
    except nats.errors.Error as error:
        return "authorization" in str(error).lower()


async def test_each_partner_pulls_its_own_messages_in_order(
    client: Client, town: Town, partner: Caller, nats_server: Nats
) -> None:
    other = Caller(client, (Role.PARTNER,), organisation=new_id())
    lights = await partner.subscribes(channel="nats", types=TYPES, categories=["street_light"])
    parking = await other.subscribes(channel="nats", types=TYPES, categories=["parking"])
    issues = [an_issue_registered(category=c) for c in ("street_light", "parking", "street_light", "street_light")]
    for issue in issues:
        await town.says(issue)
    async with connected(nats_server, lights) as mine, connected(nats_server, parking) as theirs:
        got = await mine.pull(3)
        assert [int(document["sequence"]) for document in got] == [1, 2, 3]
        assert {document["subject"] for document in got} == {str(issues[i].issue_id) for i in (0, 2, 3)}
        assert {document["data"]["category"] for document in got} == {"street_light"}
        assert [document["subject"] for document in await theirs.pull(1)] == [str(issues[1].issue_id)]
        assert {document["subscription"] for document in got} == {lights["id"]}


async def test_a_partner_can_do_nothing_but_pull_and_acknowledge_its_own(
    client: Client, town: Town, partner: Caller, nats_server: Nats
) -> None:
    other = await Caller(client, (Role.PARTNER,), organisation=new_id()).subscribes(channel="nats", types=TYPES)
    mine = await partner.subscribes(channel="nats", types=TYPES)
    await town.says(an_issue_registered())
    theirs, own = other["nats"]["consumer"], mine["nats"]["consumer"]
    forbidden_publishes = [
        "$JS.API.INFO",
        "$JS.API.STREAM.NAMES",
        "$JS.API.STREAM.LIST",
        *(
            f"$JS.API.STREAM.{what}.{s}"
            for s in ("PARTNERS", "ISSUES")
            for what in ("INFO", "CREATE", "UPDATE", "DELETE")
        ),
        *(f"$JS.API.STREAM.{what}.PARTNERS" for what in ("PURGE", "MSG.GET", "MSG.DELETE", "SNAPSHOT", "RESTORE")),
        "$JS.API.DIRECT.GET.PARTNERS",
        "$JS.API.DIRECT.GET.PARTNERS.partners.x",
        f"$JS.API.CONSUMER.CREATE.PARTNERS.{own}",
        f"$JS.API.CONSUMER.CREATE.PARTNERS.{own}.partners.>",
        "$JS.API.CONSUMER.CREATE.PARTNERS",
        "$JS.API.CONSUMER.CREATE.ISSUES.mine",
        f"$JS.API.CONSUMER.DURABLE.CREATE.PARTNERS.{own}",
        "$JS.API.CONSUMER.NAMES.PARTNERS",
        "$JS.API.CONSUMER.LIST.PARTNERS",
        f"$JS.API.CONSUMER.INFO.PARTNERS.{own}",
        f"$JS.API.CONSUMER.INFO.PARTNERS.{theirs}",
        f"$JS.API.CONSUMER.DELETE.PARTNERS.{theirs}",
        f"$JS.API.CONSUMER.DELETE.PARTNERS.{own}",
        f"$JS.API.CONSUMER.PAUSE.PARTNERS.{theirs}",
        f"$JS.API.CONSUMER.LEADER.STEPDOWN.PARTNERS.{theirs}",
        f"$JS.API.CONSUMER.UNPIN.PARTNERS.{theirs}",
        f"$JS.API.CONSUMER.MSG.NEXT.PARTNERS.{theirs}",
        "$JS.API.CONSUMER.MSG.NEXT.ISSUES.notify-people-issues",
        f"$JS.ACK.PARTNERS.{theirs}.1.1.1.1.0",
        "$JS.ACK.ISSUES.notify-people-issues.1.1.1.1.0",
        "$JS.FC.PARTNERS.x",
        "$SYS.REQ.USER.AUTH",
        "$SYS._INBOX.x",
        "$SYS.REQ.SERVER.PING",
        f"partners.{mine['id']}.feicuicheng.issues.issue_registered.v1",
        "issues.feicuicheng.issue_registered.v1",
        "mulin.wake.issues",
        "_INBOX_issues.x",
        f"_INBOX_{other['nats']['user']}.x",
    ]
    forbidden_subscriptions = [
        ">",
        "*",
        "_INBOX.>",
        "_INBOX_issues.>",
        f"_INBOX_{other['nats']['user']}.>",
        "partners.>",
        f"partners.{mine['id']}.>",
        "issues.>",
        "gateway.>",
        "$JS.>",
        "$JS.EVENT.>",
        "$SYS.>",
        "$SYS.REQ.USER.AUTH",
        "mulin.>",
    ]
    async with connected(nats_server, mine) as program:
        for subject in forbidden_publishes:
            await program.client.publish(subject, b"{}", reply=f"{mine['nats']['inbox_prefix']}.answer")
            await program.is_refused(subject)
        heard: list[Any] = []

        async def hear(message: Any) -> None:
            heard.append(message)

        await program.client.subscribe(f"{mine['nats']['inbox_prefix']}.answer", cb=hear)
        for subject in forbidden_subscriptions:
            await program.client.subscribe(subject, cb=hear)
            await program.is_refused(subject)
        await town.says(an_issue_registered())
        assert [int(document["sequence"]) for document in await program.pull(2)] == [1, 2]
        assert not heard


async def test_a_new_secret_is_valid_beside_the_old_one_and_a_wrong_one_never(
    partner: Caller, nats_server: Nats, town: Town
) -> None:
    made = await partner.subscribes(channel="nats", types=TYPES)
    assert await refused_to_connect(nats_server, made, "wrong")
    stranger = {**made, "nats": {**made["nats"], "user": f"partner-{new_id()}"}}
    assert await refused_to_connect(nats_server, stranger, made["secret"])
    rotated = await partner.post(f"/subscriptions/{made['id']}/rotate-secret")
    assert rotated.status == 200
    await town.says(an_issue_registered())
    for password in (made["secret"], rotated.json()["secret"]):
        async with connected(nats_server, made, password):
            continue
    async with connected(nats_server, made, rotated.json()["secret"]) as program:
        assert len(await program.pull(1)) == 1


async def test_deleting_a_subscription_ends_the_access(partner: Caller, nats_server: Nats, town: Town) -> None:
    made = await partner.subscribes(channel="nats", types=TYPES)
    await town.says(an_issue_registered())
    async with connected(nats_server, made) as program:
        await program.pull(1)
        assert (await partner.delete(f"/subscriptions/{made['id']}")).status == 204
        admin = await nats.connect(nats_server.url("admin"))

        async def consumer_is_gone() -> bool:
            names = [info.name for info in await admin.jetstream().consumers_info("PARTNERS")]
            return made["nats"]["consumer"] not in names

        try:
            await until(consumer_is_gone)
        finally:
            await admin.close()
    assert await refused_to_connect(nats_server, made, made["secret"])


async def test_paused_messages_follow_in_order_after_the_resumption(
    partner: Caller, nats_server: Nats, town: Town
) -> None:
    made = await partner.subscribes(channel="nats", types=TYPES)
    assert (await partner.post(f"/subscriptions/{made['id']}/pause")).status == 200
    for _ in range(3):
        await town.says(an_issue_registered())

    async def kept() -> bool:
        return bool((await partner.get(f"/subscriptions/{made['id']}")).json()["pending"] == 3)

    await until(kept)
    assert (await partner.post(f"/subscriptions/{made['id']}/resume")).status == 200
    assert (await partner.post(f"/subscriptions/{made['id']}/ping")).status == 202
    async with connected(nats_server, made) as program:
        got = await program.pull(4)
    assert [int(document["sequence"]) for document in got] == [1, 2, 3, 4]
    assert got[-1]["type"] == "cn.mulin.notify.ping.v1"


async def test_a_connection_ends_when_its_sign_in_expires_and_the_next_one_goes_on(
    partner: Caller, nats_server: Nats, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await partner.subscribes(channel="nats", types=TYPES)
    monkeypatch.setattr(partners, "SIGNED_IN_FOR_SECONDS", 2)
    async with connected(nats_server, made) as program:
        await until(lambda: program.client.is_closed)
    await town.says(an_issue_registered())
    async with connected(nats_server, made) as program:
        assert len(await program.pull(1)) == 1


async def test_a_consumer_that_the_broker_lost_is_made_again_when_it_comes_back(
    own_servers: Callable[[], Servers],
) -> None:
    servers = own_servers()
    database = Databases(servers.postgres).create("notify")
    async with running(settings_for(database, servers.nats)) as client:
        partner = Caller(client, (Role.PARTNER,), organisation=new_id())
        made = await partner.subscribes(channel="nats", types=TYPES)
        async with the_town(servers.nats) as town:
            await town.says(an_issue_registered())
        async with connected(servers.nats, made) as program:
            assert [int(document["sequence"]) for document in await program.pull(1)] == [1]
        admin = await nats.connect(servers.nats.url("admin"))
        assert await admin.jetstream().delete_consumer("PARTNERS", made["nats"]["consumer"])
        await admin.close()
        await asyncio.to_thread(servers.nats.kill)
        await asyncio.to_thread(servers.nats.start)
        async with the_town(servers.nats) as town:
            await town.says(an_issue_registered())

        async def comes_in() -> bool:
            try:
                async with connected(servers.nats, made) as program:
                    got = [int(document["sequence"]) for document in await program.pull(2)]
            except (TimeoutError, nats.errors.Error):
                return False
            return got == [1, 2]

        await until(comes_in)  # from the beginning: a partner drops what it had by its id
