"""Inbox and subscriptions over HTTP: pages, versions, repetition, and secrets that are shown once."""

import asyncio
import json
from datetime import UTC, datetime

import asyncpg

from services.notify.tests.builders import an_issue_registered
from services.notify.tests.integration.running import Caller, Receiver, Town, until
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.databases import Database


async def test_the_inbox_pages_counts_and_remembers_what_was_read(town: Town, resident: Caller) -> None:
    for _ in range(5):
        await town.says(an_issue_registered(reported_by=resident.person))

    async def unread() -> int:
        return int((await resident.get("/notifications/unread-count")).json()["unread"])

    async def all_there() -> bool:
        return await unread() == 5

    await until(all_there)
    first = (await resident.get("/notifications", limit=2)).json()
    second = (await resident.get("/notifications", limit=2, cursor=first["next_cursor"])).json()
    third = (await resident.get("/notifications", limit=2, cursor=second["next_cursor"])).json()
    ids = [item["id"] for page in (first, second, third) for item in page["items"]]
    assert len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True), "newest first"
    assert third["next_cursor"] is None

    read = await resident.post(f"/notifications/{ids[0]}/read")
    again = await resident.post(f"/notifications/{ids[0]}/read")
    assert read.json()["read_at"] == again.json()["read_at"] is not None
    assert await unread() == 4
    assert ids[0] not in [item["id"] for item in await resident.inbox(unread="true")]
    assert (await resident.post("/notifications/read-all")).json() == {"marked": 4}
    assert await unread() == 0
    assert len(await resident.inbox()) == 5


async def test_nobody_reads_the_inbox_of_another(client: Client, town: Town, resident: Caller) -> None:
    await town.says(an_issue_registered(reported_by=resident.person))
    (mine,) = await until(resident.inbox)
    other = Caller(client, (Role.COMMUNITY_ADMIN, Role.OPERATOR))
    assert await other.inbox() == []
    refused = await other.post(f"/notifications/{mine['id']}/read")
    assert (refused.status, refused.slug) == (404, "notification-not-found")
    assert (await other.post("/notifications/read-all")).json() == {"marked": 0}
    assert (await resident.get("/notifications/unread-count")).json() == {"unread": 1}


async def test_a_secret_is_shown_once_and_kept_sealed(partner: Caller, receiver: Receiver, database: Database) -> None:
    key = str(new_id())
    body = {"name": "值班室", "channel": "webhook", "url": receiver.url}
    first = await partner.post("/subscriptions", body, **{"Idempotency-Key": key})
    again = await partner.post("/subscriptions", body, **{"Idempotency-Key": key})
    assert first.status == again.status == 201
    assert first.headers["location"].endswith(first.json()["id"])
    assert first.json()["secret"].startswith("whsec_")
    assert again.json() == {**first.json(), "secret": None}
    other = await partner.post("/subscriptions", {**body, "name": "别的"}, **{"Idempotency-Key": key})
    assert (other.status, other.slug) == (422, "idempotency-key-reused")
    seen = await partner.get(f"/subscriptions/{first.json()['id']}")
    assert "secret" not in seen.json()
    stream = await partner.subscribes(channel="nats")
    rows = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        for table in ("subscriptions", "idempotency_keys", "outbox", "deliveries", "notifications"):
            for row in await rows.fetch(f"SELECT * FROM {table}"):
                for value in row.values():
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    assert first.json()["secret"].encode() not in raw, table
                    assert stream["secret"].encode() not in raw, table
    finally:
        await rows.close()


async def test_fifty_twins_make_one_subscription(partner: Caller, receiver: Receiver) -> None:
    key = str(new_id())
    body = {"name": "五十个", "channel": "webhook", "url": receiver.url}
    twins = (partner.post("/subscriptions", body, **{"Idempotency-Key": key}) for _ in range(50))
    answers = await asyncio.gather(*twins)
    made = [answer.json() for answer in answers if answer.status == 201]
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({one["id"] for one in made}) == 1
    assert len([one for one in made if one["secret"]]) == 1
    assert len((await partner.get("/subscriptions")).json()["items"]) == 1


async def test_changes_are_made_to_the_version_that_was_read(partner: Caller, receiver: Receiver) -> None:
    made = await partner.subscribes(receiver.url)
    path = f"/subscriptions/{made['id']}"
    assert (await partner.get(path)).headers["etag"] == '"1"'
    outdated = await partner.post(f"{path}/pause", **{"If-Match": '"7"'})
    assert (outdated.status, outdated.slug) == (412, "version-mismatch")
    paused = await partner.post(f"{path}/pause", **{"If-Match": '"1"'})
    assert (paused.status, paused.headers["etag"], paused.json()["state"]) == (200, '"2"', "paused")
    assert (await partner.post(f"{path}/pause")).slug == "subscription-state"
    assert (await partner.post(f"{path}/ping")).slug == "subscription-state"
    for verb in ("resume", "rotate-secret"):
        assert (await partner.post(f"{path}/{verb}", **{"If-Match": '"1"'})).status == 412
    assert (await partner.delete(path, **{"If-Match": '"1"'})).status == 412
    assert (await partner.delete(path, **{"If-Match": '"2"'})).status == 204
    assert (await partner.get(path)).slug == "subscription-not-found"


async def test_the_administrator_may_look_and_stop_but_not_change(
    client: Client, partner: Caller, receiver: Receiver
) -> None:
    administrator = Caller(client, (Role.COMMUNITY_ADMIN,))
    made = await partner.subscribes(receiver.url)
    path = f"/subscriptions/{made['id']}"
    assert made["id"] in [item["id"] for item in (await administrator.get("/subscriptions", limit=100)).json()["items"]]
    assert (await administrator.post(f"{path}/pause")).status == 200
    for verb in ("resume", "rotate-secret", "ping"):
        assert (await administrator.post(f"{path}/{verb}")).status == 403
    assert (await administrator.delete(path)).status == 204


async def test_a_person_of_two_units_says_for_which(client: Client, receiver: Receiver) -> None:
    nobody = Caller(client, (Role.PARTNER,))
    body = {"name": "x", "channel": "webhook", "url": receiver.url}
    assert (await nobody.post("/subscriptions", body)).slug == "organisation-not-clear"
    unit = new_id()
    one = Caller(client, (Role.PARTNER,), organisation=unit)
    assert (await one.post("/subscriptions", {**body, "organisation": str(new_id())})).slug == "organisation-not-clear"
    made = await one.post("/subscriptions", {**body, "organisation": str(unit)})
    assert (made.status, made.json()["organisation"]) == (201, str(unit))


async def test_what_cannot_be_subscribed_to_is_refused_with_the_field(partner: Caller) -> None:
    for body, slug, field in (
        ({"channel": "webhook"}, "address-refused", "url"),
        ({"channel": "webhook", "url": "https://10.0.0.1/x"}, "address-refused", "url"),
        ({"channel": "webhook", "url": "http://hooks.example.com/x"}, "address-refused", "url"),
        ({"channel": "nats", "url": "https://hooks.example.com/x"}, "address-refused", "url"),
        (
            {"channel": "nats", "filters": {"types": ["gateway.membership_granted.v1"]}},
            "filter-not-possible",
            "filters.types",
        ),
    ):
        answer = await partner.post("/subscriptions", {"name": "x", **body})
        assert (answer.status, answer.slug) == (422, slug), body
        assert field in answer.fields
    english = await partner.post("/subscriptions", {"name": "x", "channel": "webhook"}, **{"Accept-Language": "en"})
    assert english.json()["title"] == "The web hook address is refused"


async def test_the_metrics_and_health_answer(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        answer = await client.get(path)
        assert answer.status == 200, answer.body
    health = json.loads((await client.get("/healthz")).body)
    assert {"consumers", "relay", "dispatcher"} <= set(health["checks"])
    assert (await client.get("/metrics")).status == 200
    assert datetime.now(UTC).tzinfo is UTC
