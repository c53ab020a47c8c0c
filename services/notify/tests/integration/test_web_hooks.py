"""Web hooks arrive, in order, at least once, always under the same id, or their owner is told that they cannot."""

import asyncio
import dataclasses
import json
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nats
from aiohttp import web
from standardwebhooks import Webhook

from services.notify.settings import NotifySettings
from services.notify.tests.builders import a_membership, an_issue_registered
from services.notify.tests.integration.running import (
    Call,
    Caller,
    Receiver,
    Town,
    always_ok,
    receiving,
    running,
    settings_for,
    the_town,
    until,
)
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database, Databases
from shared.testing.servers import Nats, Servers

ROOT = Path(__file__).resolve().parents[4]
TYPES = ["issues.issue_registered.v1"]


def answers(*statuses: int, headers: dict[str, str] | None = None) -> Any:
    """These statuses one after the other, then 204."""

    async def answer(number: int, _: web.Request) -> web.Response:
        status = statuses[number - 1] if number <= len(statuses) else 204
        return web.Response(status=status, headers=headers if status != 204 else None)

    return answer


def everything_came_in_order(calls: list[Call]) -> None:
    """A message is called only when all before it were delivered, and has one id at all its tries."""
    delivered: set[int] = set()
    ids: dict[int, set[str]] = defaultdict(set)
    bodies: dict[int, set[bytes]] = defaultdict(set)
    for call in calls:
        assert all(number in delivered for number in range(1, call.sequence)), call.sequence
        ids[call.sequence].add(call.id)
        bodies[call.sequence].add(call.body)
        if 200 <= call.answered < 300:
            delivered.add(call.sequence)
    assert all(len(found) == 1 for found in ids.values())
    assert all(len(found) == 1 for found in bodies.values()), "the same bytes at every try"


async def subscription(partner: Caller, made: dict[str, Any]) -> dict[str, Any]:
    answer = await partner.get(f"/subscriptions/{made['id']}")
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.json()
    return found


async def test_a_refused_message_is_tried_again_under_the_same_id_before_the_next_one(
    partner: Caller, town: Town, receiver: Receiver
) -> None:
    receiver.answer = answers(500, 302, 429, headers={"location": receiver.url})
    made = await partner.subscribes(receiver.url, types=TYPES)
    for _ in range(3):
        await town.says(an_issue_registered())
    await until(lambda: len(receiver.delivered) == 3)
    assert [call.answered for call in receiver.calls] == [500, 302, 429, 204, 204, 204], "a redirect is not followed"
    everything_came_in_order(receiver.calls)
    for call in receiver.calls:
        Webhook(made["secret"]).verify(call.body, call.headers)
    latest_first = (await partner.get(f"/subscriptions/{made['id']}/deliveries")).json()["items"]
    assert [item["sequence"] for item in latest_first] == [3, 2, 1]
    log = (await partner.get(f"/subscriptions/{made['id']}/deliveries/{latest_first[-1]['id']}")).json()
    assert [(tried["number"], tried["status"], tried["error"]) for tried in log["attempts"]] == [
        (1, 500, "status"),
        (2, 302, "redirect"),
        (3, 429, "status"),
        (4, 204, None),
    ]


async def test_the_receiver_may_ask_for_a_pause(partner: Caller, town: Town, receiver: Receiver) -> None:
    receiver.answer = answers(503, headers={"retry-after": "3600"})
    made = await partner.subscribes(receiver.url, types=TYPES)
    await town.says(an_issue_registered())

    async def next_try() -> Any:
        found = await subscription(partner, made)
        return receiver.calls and found["next_try_at"] and datetime.fromisoformat(found["next_try_at"])

    soon = datetime.now(UTC) + timedelta(seconds=60)

    async def is_far() -> bool:
        at = await next_try()
        return bool(at and at > soon)

    await until(is_far)
    assert len(receiver.calls) == 1


async def test_410_disables_at_once_and_the_partner_is_told(
    client: Client, partner: Caller, town: Town, receiver: Receiver, nats_server: Nats
) -> None:
    await town.says(a_membership(partner.person, Role.PARTNER, partner.organisation))
    await until(partner.inbox)
    receiver.answer = answers(410)
    made = await partner.subscribes(receiver.url, types=TYPES)
    await town.says(an_issue_registered())

    async def is_disabled() -> bool:
        return bool((await subscription(partner, made))["state"] == "disabled")

    await until(is_disabled)
    found = await subscription(partner, made)
    assert (found["disabled_because"], found["pending"]) == ("gone", 1)
    assert [item["title_zh"] for item in await partner.inbox()][:2] == ["消息订阅已停用", "新建消息订阅（网络回调）"]

    admin = await nats.connect(nats_server.url("admin"))
    try:
        facts = await admin.jetstream().pull_subscribe("notify.*.subscription_disabled.v1", stream="NOTIFY")
        told = [json.loads(message.data) for message in await facts.fetch(20, timeout=5)]
    finally:
        await admin.close()
    assert made["id"] in [document["subject"] for document in told if document["data"]["reason"] == "gone"]


async def test_when_the_schedule_is_used_up_it_is_disabled_and_a_resumption_starts_with_what_waited(
    partner: Caller, town: Town, receiver: Receiver
) -> None:
    receiver.answer = answers(*[500] * 1000)
    made = await partner.subscribes(receiver.url, types=TYPES)
    await town.says(an_issue_registered())

    async def is_disabled() -> bool:
        return bool((await subscription(partner, made))["state"] == "disabled")

    await until(is_disabled)
    assert len(receiver.calls) == 5, "as often as the schedule of this test says"
    assert (await subscription(partner, made))["disabled_because"] == "exhausted"
    await town.says(an_issue_registered())
    refused = await partner.post(f"/subscriptions/{made['id']}/ping")
    assert (refused.status, refused.slug) == (409, "subscription-state")
    receiver.answer = always_ok
    assert (await partner.post(f"/subscriptions/{made['id']}/resume")).status == 200
    await until(lambda: len(receiver.delivered) == 2)
    everything_came_in_order(receiver.calls)


async def test_after_a_rotation_both_secrets_verify(partner: Caller, receiver: Receiver) -> None:
    made = await partner.subscribes(receiver.url)
    rotated = (await partner.post(f"/subscriptions/{made['id']}/rotate-secret")).json()
    assert rotated["secret"] not in (None, made["secret"])
    assert (await partner.post(f"/subscriptions/{made['id']}/ping")).status == 202
    await until(lambda: receiver.delivered)
    (call,) = receiver.calls
    assert len(call.headers["webhook-signature"].split(" ")) == 2
    for secret in (made["secret"], rotated["secret"]):
        Webhook(secret).verify(call.body, call.headers)
    assert call.document["type"] == "cn.mulin.notify.ping.v1"


async def test_an_endless_answer_is_cut_off_and_counts_by_its_status(partner: Caller, receiver: Receiver) -> None:
    async def endless(_: int, request: web.Request) -> web.Response:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100_000):
            await response.write(b"x" * 65536)
        raise AssertionError("somebody read six gigabytes")

    receiver.answer = endless
    made = await partner.subscribes(receiver.url)
    await partner.post(f"/subscriptions/{made['id']}/ping")

    async def delivered() -> bool:
        return bool((await subscription(partner, made))["pending"] == 0)

    await until(delivered)


async def test_a_black_hole_delays_nobody_else(
    database: Database, nats_server: Nats, town: Town, receiver: Receiver
) -> None:
    stuck = asyncio.Event()

    async def never(_: int, __: web.Request) -> web.Response:
        stuck.set()
        await asyncio.Event().wait()
        raise AssertionError("waited for ever, and longer")

    async with receiving(never) as hole:
        settings = settings_for(database, nats_server, frozenset({receiver.host, hole.host}))
        async with running(settings) as client:
            partner = Caller(client, (Role.PARTNER,), organisation=new_id())
            holes = [await partner.subscribes(hole.url, types=TYPES) for _ in range(5)]
            made = await partner.subscribes(receiver.url, types=TYPES)
            for _ in range(20):
                await town.says(an_issue_registered())
            await until(stuck.is_set)
            await until(lambda: len(receiver.delivered) == 20)
            assert [call.sequence for call in receiver.calls] == list(range(1, 21))
            assert not hole.calls, "while the black holes still swallow their first message"
            for one in [*holes, made]:
                assert (await partner.delete(f"/subscriptions/{one['id']}")).status == 204


async def test_killed_dispatchers_lose_nothing_and_keep_the_order(database: Database, nats_server: Nats) -> None:
    chance = random.Random(20261123)  # noqa: S311 - a repeatable test, no secret
    failures: dict[str, int] = defaultdict(int)

    async def moody(_: int, request: web.Request) -> web.Response:
        key = request.headers["webhook-id"]
        if failures[key] < 3 and chance.random() < 0.3:
            failures[key] += 1
            return web.Response(status=chance.choice([500, 503, 429, 400, 302]))
        return web.Response(status=200)

    count, kills = 120, 6
    async with receiving(moody) as receiver, the_town(nats_server) as town:
        settings = settings_for(database, nats_server, frozenset({receiver.host}))
        async with running(settings) as client:
            partner = Caller(client, (Role.PARTNER,), organisation=new_id())
            made = await partner.subscribes(receiver.url, types=TYPES)
            await partner.post(f"/subscriptions/{made['id']}/pause")
            for _ in range(count):
                await town.says(an_issue_registered())

            async def all_numbered() -> bool:
                return bool((await subscription(partner, made))["pending"] == count)

            await until(all_numbered)
            assert not receiver.calls, "nothing is sent while it is paused"
            await partner.post(f"/subscriptions/{made['id']}/resume")
        for kill in range(1, kills + 1):
            process = await asyncio.to_thread(_serving, settings)
            goal = len(receiver.delivered) + count // (kills + 2)
            await until(lambda goal=goal: len(receiver.delivered) >= goal)  # type: ignore[misc]
            await asyncio.to_thread(_kill, process)
            assert len(receiver.delivered) < count, f"kill {kill} came too late to prove anything"
        async with running(settings):
            await until(lambda: {call.sequence for call in receiver.delivered} == set(range(1, count + 1)))
        for call in receiver.calls:
            Webhook(made["secret"]).verify(call.body, call.headers)
        everything_came_in_order(receiver.calls)


def _kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def _serving(settings: NotifySettings) -> "subprocess.Popen[str]":
    """Start the service in its own process and wait until it serves."""
    given = {
        **dataclasses.asdict(settings),
        "principal_public_key": (settings.principal_public_key or b"").decode(),
        "webhook_allowed_hosts": sorted(settings.webhook_allowed_hosts),
    }
    module = "services.notify.tests.integration.serving_process"
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(given))
    process.stdin.close()
    for line in process.stdout:
        if line.strip() == "serving":
            return process
    raise AssertionError(f"the service ended with {process.wait()}")


async def test_deliveries_go_on_after_the_database_was_killed(own_servers: Callable[[], Servers]) -> None:
    servers = own_servers()
    database = Databases(servers.postgres).create("notify")
    async with (
        receiving() as receiver,
        the_town(servers.nats) as town,
        running(settings_for(database, servers.nats, frozenset({receiver.host}))) as client,
    ):
        partner = Caller(client, (Role.PARTNER,), organisation=new_id())
        await partner.subscribes(receiver.url, types=TYPES)
        await town.says(an_issue_registered())
        await until(lambda: receiver.delivered)
        await asyncio.to_thread(servers.kill_postgres)
        await town.says(an_issue_registered())
        await asyncio.to_thread(servers.start_postgres)
        # The first may come twice: its answer may not have been written down when the database went.
        await until(lambda: {call.sequence for call in receiver.delivered} == {1, 2})
        everything_came_in_order(receiver.calls)
