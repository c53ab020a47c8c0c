"""Logging in and out, guessing, cookies, passwords."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

import asyncpg
import pytest

from services.gateway.domain.account import SESSION_ABSOLUTE, SESSION_IDLE
from services.gateway.identity.passwords import MEMORY_KIB, PASSES, Argon2Passwords
from services.gateway.tests.builders import PASSWORD, a_person
from services.gateway.tests.integration.running import (
    API,
    OPERATOR,
    OPERATOR_PASSWORD,
    Somebody,
    Town,
    a_town,
    log_in,
    running,
    settings_for,
)
from shared.clock import FrozenClock
from shared.errors import Unavailable
from shared.testing.client import Answer, Client
from shared.testing.databases import Database
from shared.testing.fixtures import MakeDatabase

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


async def tried(client: Client, login: str, password: str, **more: str) -> Answer:
    return await client.post(API + "/sessions", json={"login": login, "password": password, **more})


async def test_a_session_says_who_one_is_and_where(town: Town) -> None:
    organisation = (await town.operator.get(f"{town.path}/organisations")).json()["items"][1]
    officer = await town.somebody("duty_officer", "secretary", organisation=organisation["id"], name="赵敏")
    me = (await officer.get("/me")).json()
    assert (me["kind"], me["person"]["name"], me["id"]) == ("person", "赵敏", officer.id)
    assert [(h["community"], h["role"], h["label"]["zh"]) for h in me["memberships"]] == [
        (town.slug, "duty_officer", "值班员"),
        (town.slug, "secretary", "社区书记"),
    ]
    assert me["memberships"][0]["organisation"]["name"]["zh"] == organisation["name"]["zh"]


async def test_a_wrong_password_and_an_unknown_login_answer_the_same(client: Client, town: Town) -> None:
    person = await town.somebody("resident")
    login = (await person.get("/me")).json()["person"]["login"]
    wrong = await tried(client, login, "wrong-password")
    unknown = await tried(client, "nobody-" + login, "wrong-password")
    assert (wrong.status, wrong.slug) == (401, "wrong-credentials")
    same = [{k: v for k, v in answer.json().items() if k != "instance"} for answer in (wrong, unknown)]
    assert same[0] == same[1]


async def test_a_password_hash_costs_what_it_should_whoever_is_asked_for() -> None:
    passwords = Argon2Passwords()
    try:
        hashed = await passwords.hash(PASSWORD)
        assert hashed.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$")
        assert MEMORY_KIB >= 19 * 1024
        assert await passwords.verify(hashed, PASSWORD)
        assert not await passwords.verify(hashed, PASSWORD + " ")
        assert not await passwords.verify(None, "the password of nobody")
        assert not await passwords.verify("no hash at all", PASSWORD)
        spans: dict[str | None, list[float]] = {hashed: [], None: []}
        for _ in range(7):
            for known, span in spans.items():
                begun = perf_counter()
                await passwords.verify(known, "wrong")
                span.append(perf_counter() - begun)
        # Not a measure of speed: an unknown login that skipped the hash would be a thousand times faster.
        assert median(spans[None]) > median(spans[hashed]) / 10
    finally:
        passwords.close()


async def test_a_flood_of_logins_is_told_to_come_back() -> None:
    passwords = Argon2Passwords(threads=1, waiting=2)
    try:
        outcomes = await asyncio.gather(*(passwords.hash("x") for _ in range(10)), return_exceptions=True)
        assert sum(isinstance(outcome, Unavailable) for outcome in outcomes) == 7
    finally:
        passwords.close()


async def test_guessing_is_slowed_down_for_the_account_also_after_a_restart(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]
) -> None:
    clock = FrozenClock(START)
    settings = settings_for(fresh_database_of("gateway"), nats_of)
    async with running(settings, clock) as client:
        town = await a_town(client, await log_in(client, OPERATOR, OPERATOR_PASSWORD))
        await town.operator.made(f"{town.path}/persons", a_person("guessed", "resident"))
        answers = await asyncio.gather(*(tried(client, "guessed", f"guess-{n}") for n in range(10)))
        assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 5
        limited = next(answer for answer in answers if answer.status == 429)
        assert limited.slug == "too-many-logins"
        assert 1 <= int(limited.headers["retry-after"]) <= 12
        assert (await tried(client, "guessed", PASSWORD)).status == 429, "even the right one has to wait"
        assert (await tried(client, OPERATOR, OPERATOR_PASSWORD)).status == 201, "others do not"
    async with running(settings, clock) as client:
        assert (await tried(client, "guessed", PASSWORD)).status == 429
        clock.advance(timedelta(seconds=12))
        for _ in range(20):
            assert (await tried(client, "guessed", PASSWORD)).status == 201, "right ones do not count"


async def test_guessing_is_slowed_down_for_the_address(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]
) -> None:
    clock = FrozenClock(START + timedelta(hours=1))
    settings = settings_for(fresh_database_of("gateway"), nats_of, logins_per_minute_of_address=20)
    async with running(settings, clock) as client:
        statuses = [(await tried(client, f"unknown-{number}", "x")).status for number in range(22)]
        assert statuses == [401] * 20 + [429] * 2
        clock.advance(timedelta(minutes=1))
        assert (await tried(client, "unknown-99", "x")).status == 401


async def test_sessions_are_listed_and_ended_one_by_one(client: Client, town: Town) -> None:
    first = await town.somebody("resident")
    login = (await first.get("/me")).json()["person"]["login"]
    second = await log_in(client, login)
    listed = (await first.get("/sessions")).json()["items"]
    assert [entry["current"] for entry in listed] == [False, True]
    assert (await first.delete(f"/sessions/{listed[0]['id']}")).status == 204
    assert (await second.get("/me")).status == 401
    assert (await first.get("/me")).status == 200
    assert (await first.delete(f"/sessions/{listed[0]['id']}")).slug == "session-not-found"
    of_another = (await town.operator.get("/sessions")).json()["items"][0]["id"]
    assert (await first.delete(f"/sessions/{of_another}")).slug == "session-not-found"
    assert (await first.delete("/sessions/current")).status == 204
    assert (await first.get("/me")).status == 401


async def test_a_session_lasts_eight_hours_and_no_longer(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]
) -> None:
    clock = FrozenClock(START + timedelta(days=1))
    async with running(settings_for(fresh_database_of("gateway"), nats_of), clock) as client:
        operator = await log_in(client, OPERATOR, OPERATOR_PASSWORD)
        clock.advance(SESSION_ABSOLUTE - timedelta(seconds=1))
        client.app.state.parts.callers.forget()
        assert (await operator.get("/me")).status == 200
        clock.advance(timedelta(seconds=1))
        client.app.state.parts.callers.forget()
        assert (await operator.get("/me")).status == 401


async def test_a_browser_session_ends_when_left_alone_and_guards_against_forged_requests(
    fresh_database_of: MakeDatabase, nats_of: Callable[[str], str]
) -> None:
    clock = FrozenClock(START + timedelta(days=2))
    async with running(settings_for(fresh_database_of("gateway"), nats_of), clock) as client:
        answer = await tried(client, OPERATOR, OPERATOR_PASSWORD, kind="cookie")
        body, cookie = answer.json(), answer.headers["set-cookie"]
        assert (body["access_token"], body["token_type"]) == (None, "Cookie")
        name_and_value, *attributes = [part.strip() for part in cookie.split(";")]
        assert name_and_value.startswith("__Host-sid=mls_")
        assert set(attributes) == {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"}
        browser = {"cookie": name_and_value, "idempotency-key": "k"}
        change = {"slug": "s2", "name": "街道", "name_en": "s"}

        async def sent(**headers: str) -> Answer:
            given = {**browser, **{name.replace("_", "-"): value for name, value in headers.items()}}
            return await client.post(API + "/subdistricts", json=change, headers=given)

        assert (await client.get(API + "/me", headers=browser)).status == 200
        assert (await sent()).slug == "forged-request"
        assert (await sent(x_csrf_token="wrong")).slug == "forged-request"
        token = body["csrf_token"]
        assert (await sent(x_csrf_token=token, sec_fetch_site="cross-site")).slug == "forged-request"
        assert (await sent(x_csrf_token=token, sec_fetch_site="same-origin")).status == 201
        for _ in range(3):
            clock.advance(SESSION_IDLE - timedelta(minutes=1))
            client.app.state.parts.callers.forget()
            assert (await client.get(API + "/me", headers=browser)).status == 200
        clock.advance(SESSION_IDLE)
        client.app.state.parts.callers.forget()
        assert (await client.get(API + "/me", headers=browser)).status == 401


async def test_changing_the_password_ends_every_other_session(client: Client, town: Town) -> None:
    person = await town.somebody("resident")
    login = (await person.get("/me")).json()["person"]["login"]
    elsewhere = await log_in(client, login)
    wrong = await person.put("/me/password", {"current": "not-it", "new": "another-lantern-8"})
    assert (wrong.status, list(wrong.fields)) == (401, ["current"])
    for weak in ("short", login + "-and-more", "aaaaaaaaaaaa"):
        refused = await person.put("/me/password", {"current": PASSWORD, "new": weak})
        assert (refused.status, refused.slug) == (422, "weak-password")
    assert (await person.put("/me/password", {"current": PASSWORD, "new": "another-lantern-8"})).status == 204
    assert (await person.get("/me")).status == 200
    assert (await elsewhere.get("/me")).status == 401
    assert (await tried(client, login, PASSWORD)).status == 401
    assert (await tried(client, login, "another-lantern-8")).status == 201


async def test_a_generated_password_is_shown_once(client: Client, town: Town) -> None:
    body = {"login": "generated-" + town.slug[:8], "name": "李四", "roles": [{"role": "resident"}]}
    first = await town.operator.post(f"{town.path}/persons", body, key="once")
    again = await town.operator.post(f"{town.path}/persons", body, key="once")
    password = first.json()["initial_password"]
    assert (await tried(client, body["login"], password)).status == 201  # type: ignore[arg-type]
    assert (again.status, again.json()["initial_password"], again.json()["id"]) == (201, None, first.json()["id"])
    several = await town.operator.made(
        f"{town.path}/persons/batch",
        {"items": [{**body, "login": "g1" + town.slug}, {**body, "login": "g2" + town.slug, "password": PASSWORD}]},
    )
    assert [bool(item["initial_password"]) for item in several["items"]] == [True, False]


async def test_no_secret_lies_in_the_database_in_the_clear(database: Database, client: Client, town: Town) -> None:
    person = await town.somebody("resident", phone="13912345678")
    key = await town.operator.made(f"{town.path}/api-keys", {"name": "k", "role": "partner"})
    superuser = await asyncpg.connect(database.plain(database.superuser_url))
    try:
        tables = [
            row[0] for row in await superuser.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        for secret in (person.token, key["secret"], PASSWORD, "13912345678"):
            for table in tables:
                found = await superuser.fetchval(
                    f"SELECT count(*) FROM {table} entry WHERE entry::text LIKE $1", f"%{secret}%"
                )
                assert found == 0, (secret, table)
    finally:
        await superuser.close()


@pytest.mark.parametrize("hundred", [100])
async def test_the_throttle_holds_against_parallel_guesses(
    client: Client, town: Town, hundred: int, stranger: Somebody
) -> None:
    person = await town.somebody("resident")
    login = (await person.get("/me")).json()["person"]["login"]
    answers = await asyncio.gather(*(tried(client, login, "x") for _ in range(hundred)))
    checked = sum(answer.status == 401 for answer in answers)
    assert 5 <= checked <= 6, "five at once, and one more if a twelfth of a minute passed meanwhile"
