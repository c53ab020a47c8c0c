"""Too many requests, the first operator, and a gateway whose database is away."""

import asyncio
from collections.abc import Callable

from services.gateway.bootstrap import ensure_operator
from services.gateway.tests.integration.running import (
    API,
    OPERATOR,
    OPERATOR_PASSWORD,
    Somebody,
    a_town,
    log_in,
    running,
    settings_for,
)
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase

RATE = 0.5
"""A second: five requests at once, then one every two seconds."""


async def test_a_person_who_asks_too_much_is_slowed_down_and_others_are_not(
    database: Database, nats_of: Callable[[str], str]
) -> None:
    settings = settings_for(database, nats_of, requests_per_second_of_person=RATE, requests_per_second_of_address=0)
    async with running(settings) as client:
        eager, other = [await log_in(client, OPERATOR, OPERATOR_PASSWORD) for _ in range(2)]
        answers = await asyncio.gather(*(eager.get("/me") for _ in range(20)))
        assert sorted({answer.status for answer in answers}) == [200, 429]
        limited = next(answer for answer in answers if answer.status == 429)
        assert limited.slug == "too-many-requests"
        assert 1 <= int(limited.headers["retry-after"]) <= 3
        assert limited.headers["x-request-id"]
        # The limit is the person's, whichever session it is; to another person nothing happened.
        assert (await other.get("/me")).status == 429
        assert (await Somebody(client).get("/communities")).status == 200


async def test_an_address_that_asks_too_much_is_slowed_down_before_anything_is_looked_up(
    database: Database, nats_of: Callable[[str], str]
) -> None:
    settings = settings_for(database, nats_of, requests_per_second_of_address=RATE)
    async with running(settings) as client:
        answers = [await client.get(f"{API}/communities/x/issues") for _ in range(8)]
        assert [answer.status for answer in answers].count(429) >= 2


async def test_requests_from_behind_a_proxy_of_ours_are_told_apart(
    database: Database, nats_of: Callable[[str], str]
) -> None:
    settings = settings_for(database, nats_of, requests_per_second_of_address=RATE, trusted_proxies="127.0.0.0/8")
    async with running(settings) as client:
        for number in range(12):
            answer = await client.get(f"{API}/communities", headers={"X-Forwarded-For": f"203.0.113.{number}"})
            assert answer.status == 200
        same = [
            (await client.get(f"{API}/communities", headers={"X-Forwarded-For": "203.0.113.99"})).status
            for _ in range(8)
        ]
        assert 429 in same


async def test_several_gateways_that_start_at_once_make_one_operator(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]
) -> None:
    database = fresh_database_of("gateway")
    settings = settings_for(database, nats_of, bootstrap_login=None)
    async with running(settings) as client:
        parts, unit_of_work = client.app.state.parts, client.app.state.unit_of_work
        makers = (
            ensure_operator(
                "root",
                "a-password-of-root",
                identity=parts.identity,
                passwords=parts.passwords,
                unit_of_work=unit_of_work,
            )
            for _ in range(4)
        )
        await asyncio.gather(*makers)
        root = await log_in(client, "root", "a-password-of-root")
        assert [held["role"] for held in (await root.get("/me")).json()["memberships"]] == ["operator"]
    changed = settings_for(database, nats_of, bootstrap_login="root", bootstrap_password="another-one-entirely")
    async with running(changed) as client:
        await log_in(client, "root", "a-password-of-root")  # an account that is there keeps its password


async def test_without_its_identity_database_the_gateway_says_so_and_stays_up(
    database: Database, nats_of: Callable[[str], str]
) -> None:
    nowhere = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    settings = settings_for(database, nats_of, identity_database_url=nowhere, bootstrap_login=None)
    async with running(settings) as client:
        answer = await Somebody(client, "mls_" + "a" * 43).get("/me")
        assert (answer.status, answer.slug) == (503, "unavailable")
        assert "retry-after" in answer.headers
        assert (await client.get("/readyz")).status == 503
        assert (await client.get("/healthz")).status == 200
        assert (await client.get("/")).status == 200


async def test_every_answer_of_the_gateway_carries_its_headers(
    database: Database, nats_of: Callable[[str], str]
) -> None:
    async with running(settings_for(database, nats_of)) as client:
        town = await a_town(client, await log_in(client, OPERATOR, OPERATOR_PASSWORD))
        stranger = Somebody(client)
        for answer in (
            await stranger.get("/me"),
            await stranger.get("/nothing"),
            await stranger.get(town.path),
            await town.operator.get("/communities/nowhere/grids"),
            await town.operator.get("/communities/nowhere/issues"),
            await town.operator.get(town.path),
        ):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-request-id"]
