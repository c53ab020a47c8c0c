"""Idempotent commands and versions, over HTTP, on a real database."""

import asyncio
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.database.engine import Database
from shared.ids import new_id
from shared.principal import Role
from shared.testing.client import Client
from shared.testing.principals import a_principal
from shared.tests.http.conftest import NOTES, Headers


async def count(client: Client, text: str) -> int:
    database: Database = client.app.state.database
    async with database.reading("feicuicheng") as connection:
        found = await connection.execute(sa.text("SELECT count(*) FROM notes WHERE text = :text"), {"text": text})
        return int(found.scalar() or 0)


async def a_note(client: Client, as_: Headers) -> str:
    answer = await client.post(NOTES, json={"text": str(new_id())}, headers=as_())
    assert answer.status == 201
    return str(answer.json()["id"])


async def test_a_command_answers_with_its_view_version_and_place(client: Client, as_: Headers) -> None:
    answer = await client.post(NOTES, json={"text": "路灯不亮"}, headers=as_())
    assert answer.status == 201
    view = answer.json()
    assert view["text"] == "路灯不亮"
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"{NOTES}/{view['id']}"
    read = await client.get(answer.headers["location"], headers=as_())
    assert (read.status, read.json(), read.headers["etag"]) == (200, view, '"1"')


async def test_the_same_key_and_body_gives_the_same_answer_byte_for_byte(client: Client, as_: Headers) -> None:
    key, text = str(new_id()), str(new_id())
    first = await client.post(NOTES, json={"text": text}, headers=as_(key=key))
    again = await client.post(NOTES, json={"text": text}, headers=as_(key=key))
    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["location"] == first.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(client, text) == 1


async def test_fifty_twins_at_once_have_one_effect(client: Client, as_: Headers) -> None:
    key, text = str(new_id()), str(new_id())
    answers = await asyncio.gather(*(client.post(NOTES, json={"text": text}, headers=as_(key=key)) for _ in range(50)))
    assert {answer.status for answer in answers} <= {201, 409, 503}
    done = [answer for answer in answers if answer.status == 201]
    assert len({answer.body for answer in done}) == 1
    assert len(done) >= 1
    assert await count(client, text) == 1
    later = await client.post(NOTES, json={"text": text}, headers=as_(key=key))
    assert later.body == done[0].body


async def test_a_twin_of_a_command_that_hangs_is_told_that_it_is_running(client: Client, as_: Headers) -> None:
    key, text = str(new_id()), str(new_id())
    database: Database = client.app.state.database
    headers = as_(key=key)
    person = UUID(int=0)
    blocker = await database.open("BEGIN; SELECT set_config('app.community', 'feicuicheng', true)")
    principal = a_principal(Role.SECRETARY, person=person)
    await blocker.execute(
        sa.text(
            "INSERT INTO idempotency_keys (community, actor, route, key, fingerprint, created_at)"
            " VALUES ('feicuicheng', :actor, 'POST /api/v1/communities/{community}/notes', :key, '', now())"
        ),
        {"actor": person, "key": key},
    )
    try:
        answer = await client.post(NOTES, json={"text": text}, headers=as_(principal, key=key))
        assert (answer.status, answer.slug) == (409, "request-in-progress")
        assert "retry-after" in answer.headers
        other = await client.post(NOTES, json={"text": text}, headers=headers)
        assert other.status == 201, "the same key of another person is another key"
    finally:
        await database.close_transaction(blocker, commit=False)


async def test_another_body_under_the_same_key_is_refused(client: Client, as_: Headers) -> None:
    key = str(new_id())
    await client.post(NOTES, json={"text": str(new_id())}, headers=as_(key=key))
    answer = await client.post(NOTES, json={"text": str(new_id())}, headers=as_(key=key))
    assert (answer.status, answer.slug) == (422, "idempotency-key-reused")
    assert "Idempotency-Key" in answer.fields


async def test_the_same_key_on_another_thing_is_another_request(client: Client, as_: Headers) -> None:
    key, one, two = str(new_id()), await a_note(client, as_), await a_note(client, as_)
    assert (await client.post(f"{NOTES}/{one}/star", headers=as_(key=key))).status == 200
    answer = await client.post(f"{NOTES}/{two}/star", headers=as_(key=key))
    assert (answer.status, answer.slug) == (422, "idempotency-key-reused")


async def test_a_key_belongs_to_one_route_and_one_community(client: Client, as_: Headers) -> None:
    key, text = str(new_id()), str(new_id())
    note = await client.post(NOTES, json={"text": text}, headers=as_(key=key))
    assert (await client.post(f"{NOTES}/{note.json()['id']}/star", headers=as_(key=key))).status == 200
    there = a_principal(Role.SECRETARY, community="haitang")
    path = NOTES.replace("feicuicheng", "haitang")
    assert (await client.post(path, json={"text": text}, headers=as_(there, key=key))).status == 201


async def test_a_refused_command_changed_nothing_and_may_be_tried_again(client: Client, as_: Headers) -> None:
    note, key = await a_note(client, as_), str(new_id())
    stale = await client.post(f"{NOTES}/{note}/star", headers=as_(key=key, **{"If-Match": '"9"'}))
    assert (stale.status, stale.slug) == (412, "version-mismatch")
    fresh = await client.post(f"{NOTES}/{note}/star", headers=as_(key=key, **{"If-Match": '"1"'}))
    assert (fresh.status, fresh.json()["stars"]) == (200, 1)


@pytest.mark.parametrize("key", ["", " ", "a" * 101, "钥匙", "a b", "a\x7f", "a\tb"])
async def test_a_key_must_be_visible_ascii(client: Client, as_: Headers, key: str) -> None:
    headers = as_()
    headers["Idempotency-Key"] = key.encode().decode("latin-1")
    answer = await client.post(NOTES, json={"text": "x"}, headers=headers)
    assert (answer.status, answer.slug) == (400, "idempotency-key-refused")


async def test_a_key_must_be_given_once(client: Client, as_: Headers) -> None:
    headers = as_()
    twice = [*headers.items(), ("Idempotency-Key", "another-key")]
    answer = await client.post(NOTES, json={"text": "x"}, headers=twice)
    assert (answer.status, answer.slug) == (400, "idempotency-key-refused")
    del headers["Idempotency-Key"]
    answer = await client.post(NOTES, json={"text": "x"}, headers=headers)
    assert (answer.status, answer.slug) == (400, "idempotency-key-refused")


@pytest.mark.parametrize("key", ["!", "~" * 100, "019ab1c2-0000-7000-8000-000000000000", '"quoted"'])
async def test_any_visible_ascii_is_a_key(client: Client, as_: Headers, key: str) -> None:
    assert (await client.post(NOTES, json={"text": str(new_id())}, headers=as_(key=key))).status == 201


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200), ("*", 200), ('"2"', 412), ('W/"1"', 412), ('"abc"', 412), ("1", 400), ('"1', 400), ('"1", "2"', 400),
        ("", 400), ('"99999999999999999999"', 412),
    ],
)  # fmt: skip
async def test_a_change_is_based_on_the_version_that_was_read(
    client: Client, as_: Headers, if_match: str, status: int
) -> None:
    note = await a_note(client, as_)
    answer = await client.post(f"{NOTES}/{note}/star", headers=as_(**{"If-Match": if_match}))
    assert answer.status == status
    if status == 200:
        assert answer.headers["etag"] == '"2"'


async def test_a_business_refusal_is_a_problem_in_its_own_words(client: Client, as_: Headers) -> None:
    note = await a_note(client, as_)
    for _ in range(3):
        assert (await client.post(f"{NOTES}/{note}/star", headers=as_())).status == 200
    answer = await client.post(f"{NOTES}/{note}/star", headers=as_())
    assert (answer.status, answer.slug, answer.json()["detail"]) == (409, "note-is-full", "已有三颗星")


async def test_an_id_of_another_community_looks_like_a_missing_one(client: Client, as_: Headers) -> None:
    note = await a_note(client, as_)
    other = a_principal(Role.SECRETARY, community="haitang")
    there = NOTES.replace("feicuicheng", "haitang")
    for suffix in ("", "/star"):
        method = "POST" if suffix else "GET"
        foreign = await client.request(
            method, f"{there}/{note}{suffix}", headers=as_(other, **{"X-Request-Id": "12345678"})
        )
        missing = await client.request(
            method, f"{there}/{new_id()}{suffix}", headers=as_(other, **{"X-Request-Id": "12345678"})
        )
        assert (foreign.status, foreign.slug) == (404, "note-not-found")
        assert foreign.body == missing.body


async def test_a_page_leads_to_the_next(client: Client, as_: Headers) -> None:
    community = a_principal(Role.SECRETARY, community="pages-only")
    path = NOTES.replace("feicuicheng", "pages-only")
    made = [
        (await client.post(path, json={"text": str(number)}, headers=as_(community))).json()["id"]
        for number in range(5)
    ]
    seen: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get(path, headers=as_(community), params=params)).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(made)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"), ({"limit": 101}, "limit"), ({"limit": "many"}, "limit"), ({"limit": ""}, "limit"),
        ({"limit": 10**30}, "limit"), ({"cursor": "abc"}, "cursor"), ({"cursor": "!"}, "cursor"),
        ({"cursor": ""}, "cursor"), ({"cursor": "a" * 3000}, "cursor"), ({"colour": "blue"}, "colour"),
        ({"colour": "red\x00"}, "colour"),
    ],
)  # fmt: skip
async def test_bad_parameters_are_named(client: Client, as_: Headers, params: dict[str, object], field: str) -> None:
    answer = await client.get(NOTES, headers=as_(), params=params)
    assert answer.status == 422
    assert list(answer.fields) == [field]


async def test_a_bad_id_in_the_path_is_named(client: Client, as_: Headers) -> None:
    for path in (f"{NOTES}/not-an-id", f"{NOTES}/\x00"):
        answer = await client.get(path, headers=as_())
        assert (answer.status, list(answer.fields)) == (422, ["note_id"])


async def test_a_refusal_of_business_speaks_one_language(client: Client, as_: Headers) -> None:
    key = str(new_id())
    await client.post(NOTES, json={"text": str(new_id())}, headers=as_(key=key))
    other = {"text": str(new_id())}
    chinese = await client.post(NOTES, json=other, headers=as_(key=key))
    english = await client.post(NOTES, json=other, headers={**as_(key=key), "Accept-Language": "en"})
    assert chinese.fields == {"Idempotency-Key": "已用于另一个请求"}
    assert english.fields == {"Idempotency-Key": "used for a different request"}
    assert english.body.isascii()
