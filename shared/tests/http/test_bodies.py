"""Every field of a body, spoilt in every way: refused with a problem that names it; every script is welcome."""

import json
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from shared.http.bodies import DEEPEST, too_deep
from shared.http.edge import LARGEST_BODY
from shared.testing.bad_input import BodyCase, bad_bodies, good_bodies, names_field
from shared.testing.client import Client
from shared.tests.http.conftest import NOTES, Headers
from shared.tests.http.notes_app import NoteBody

ECHO = "/api/v1/echo"
SCHEMA = NoteBody.model_json_schema()
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize("case", list(bad_bodies(SCHEMA)), ids=str)
async def test_a_bad_body_is_refused_and_the_field_is_named(client: Client, case: BodyCase) -> None:
    answer = await client.post(ECHO, content=case.content, headers=JSON)
    assert answer.status in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert names_field(answer.json(), case.field), (case.content, answer.json())


@pytest.mark.parametrize("case", list(good_bodies(SCHEMA)), ids=str)
async def test_every_script_is_welcome_and_comes_back_as_it_was(client: Client, case: BodyCase) -> None:
    answer = await client.post(ECHO, content=case.content, headers=JSON)
    assert answer.status == 200
    sent = orjson.loads(case.content)
    back = answer.json()
    assert {name: back[name] for name in sent if isinstance(sent[name], str) and name not in ("at", "author")} == {
        name: value.strip() for name, value in sent.items() if isinstance(value, str) and name not in ("at", "author")
    }


@pytest.mark.parametrize(
    ("body", "field", "zh", "en"),
    [
        ({}, "text", "必填", "is required"),
        ({"text": 5}, "text", "必须是文字", "must be a text"),
        ({"text": " \n\t "}, "text", "至少 1 个字符", "needs at least 1 characters"),
        ({"text": "x" * 4001}, "text", "最多 4000 个字符", "may have at most 4000 characters"),
        ({"text": "x", "title": "a\nb"}, "title", "格式不正确或含有不允许的字符", "has the wrong form"),
        ({"text": "x", "count": "5"}, "count", "必须是整数", "must be a whole number"),
        ({"text": "x", "count": 1.5}, "count", "必须是整数", "must be a whole number"),
        ({"text": "x", "count": 2**31}, "count", "不能大于 2147483647", "must be at most 2147483647"),
        ({"text": "x", "count": 2**62}, "count", "数字太大", "is too large a number"),
        ({"text": "x", "urgent": "yes"}, "urgent", "必须是 true 或 false", "must be true or false"),
        ({"text": "x", "urgent": 1}, "urgent", "必须是 true 或 false", "must be true or false"),
        (
            {"text": "x", "colour": "blue"},
            "colour",
            "必须是以下之一：'red' 或 'green'",
            "must be one of 'red' or 'green'",
        ),
        ({"text": "x", "author": "me"}, "author", "必须是 UUID", "must be a UUID"),
        ({"text": "x", "at": "2026-11-23T08:00:00"}, "at", "必须带时区", "must have a time zone"),
        ({"text": "x", "at": "0001-01-01T00:00:00+14:00"}, "at", "年份必须在 1900 到 2200 之间", "must lie between"),
        ({"text": "x", "at": 1763884800}, "at", "必须是日期时间（RFC 3339）", "must be a date and time"),
        ({"text": "x", "steps": [{"title": "a", "due": "2026-02-30"}]}, "steps.0.due", "必须是日期", "must be a date"),
        ({"text": "x", "steps": [{"title": "a"}] * 6}, "steps", "最多 5 项", "may have at most 5 items"),
        ({"text": "x", "steps": {"title": "a"}}, "steps", "必须是列表", "must be a list"),
        ({"text": "x", "steps": ["a"]}, "steps.0", "必须是对象", "must be an object"),
        ({"text": "x", "shape": {"kind": "star"}}, "shape.kind", "必须是以下之一", "must be one of"),
        ({"text": "x", "shape": {"kind": "circle", "radius": 0}}, "shape.circle.radius", "不能小于 1", "at least 1"),
        ({"text": "x", "unbounded": "x" * 4001}, "unbounded", "最多 4000 个字符", "at most 4000"),
        ({"text": "x", "unbounded": "a\x00"}, "unbounded", "不能包含控制字符", "must not contain control characters"),
        ({"text": "x", "steps": [{"title": "a\x7f"}]}, "steps.0.title", "不能包含控制字符", "must not contain control"),
        ({"text": "x", "share": float("nan")}, "share", "必须是有限的数字", "must be a finite number"),
        ({"text": "x", "长度": 1}, "长度", "不认识的字段", "is not a known field"),
    ],
)
async def test_what_is_wrong_is_said_in_the_language_of_the_reader(
    client: Client, body: dict[str, Any], field: str, zh: str, en: str
) -> None:
    content = json.dumps(body).encode()
    chinese = await client.post(ECHO, content=content, headers=JSON)
    english = await client.post(ECHO, content=content, headers={**JSON, "Accept-Language": "en"})
    assert chinese.status == english.status == 422
    assert zh in chinese.fields[field]
    assert en in english.fields[field]
    assert field in chinese.json()["detail"]
    assert zh not in english.body.decode()
    assert en not in chinese.body.decode()
    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh", "en")


async def test_an_unknown_field_name_is_not_echoed_raw(client: Client) -> None:
    answer = await client.post(ECHO, json={"text": "x", "<script>\r\n" * 30: 1})
    [name] = answer.fields
    assert "<" not in name
    assert len(name) <= 60


async def test_all_findings_are_told_at_once(client: Client) -> None:
    answer = await client.post(ECHO, json={"count": "x", "steps": [{}], "extra": 1})
    assert set(answer.fields) == {"text", "count", "steps.0.title", "extra"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"text": "x"',
        b"{'text': 'x'}",
        b'{"text": "\xff"}',
        b'{"text": "a\nb"}',
        b"\xef\xbb\xbf{",
    ],
)
async def test_bytes_that_are_no_json_are_malformed(client: Client, content: bytes) -> None:
    answer = await client.post(ECHO, content=content, headers=JSON)
    assert (answer.status, answer.slug) == (400, "malformed-request")


@pytest.mark.parametrize("content", [b"[]", b"null", b'"text"', b"5", b"true"])
async def test_json_that_is_no_object_is_refused(client: Client, content: bytes) -> None:
    answer = await client.post(ECHO, content=content, headers=JSON)
    assert (answer.status, list(answer.fields)) == (422, ["body"])


@pytest.mark.parametrize(
    "content_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "json"],
)
async def test_only_json_is_taken(client: Client, content_type: str | None) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    answer = await client.post(ECHO, content=b'{"text": "x"}', headers=headers)
    assert (answer.status, answer.slug) == (415, "unsupported-media-type")


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_name_its_charset(client: Client, content_type: str) -> None:
    answer = await client.post(ECHO, content=b'{"text": "x"}', headers={"content-type": content_type})
    assert answer.status == 200


async def test_deep_nesting_is_refused_before_it_is_parsed(client: Client) -> None:
    for opening, closing in ((b'{"a":', b"}"), (b"[", b"]")):
        deep = opening * 100_000 + b"1" + closing * 100_000
        answer = await client.post(ECHO, content=deep, headers=JSON)
        assert (answer.status, answer.slug) == (400, "malformed-request")


def test_depth_counts_structure_not_text() -> None:
    assert not too_deep(b"[" * DEEPEST + b"]" * DEEPEST)
    assert too_deep(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))
    assert not too_deep(b"[" + b"[],{}," * 500 + b"1]")
    assert not too_deep(b'{"text": "' + b"[{" * 500 + b'"}')
    assert not too_deep(b'{"text": "a\\"' + b"[" * 500 + b'"}')
    assert too_deep(b'{"text": "a\\\\"' + b", [" * 500 + b'"}')


async def test_a_large_body_is_refused_by_its_announced_length(client: Client, as_: Headers) -> None:
    answer = await client.post(NOTES, content=b" " * (LARGEST_BODY + 1), headers=as_(**JSON))
    assert (answer.status, answer.slug) == (413, "body-too-large")


async def test_a_large_body_is_refused_while_it_arrives(client: Client, as_: Headers) -> None:
    taken = 0

    def endless() -> list[bytes]:
        nonlocal taken
        taken += 1
        return [b" " * 65_536] * 1_000

    answer = await client.post(NOTES, content=endless(), headers=as_(**JSON))
    assert (answer.status, answer.slug) == (413, "body-too-large")


async def test_a_body_of_just_the_largest_size_is_read(client: Client) -> None:
    content = orjson.dumps({"text": "x"}).ljust(LARGEST_BODY)
    assert (await client.post(ECHO, content=content, headers=JSON)).status == 200
    chunks = [content[start : start + 65_536] for start in range(0, len(content), 65_536)]
    assert (await client.post(ECHO, content=chunks, headers=JSON)).status == 200


@pytest.mark.parametrize("length", ["-1", "1e3", "abc", "", "١٢", "9" * 400])
async def test_a_nonsense_length_is_refused(client: Client, length: str) -> None:
    headers = {**JSON, "content-length": length.encode().decode("latin-1")}
    answer = await client.post(ECHO, content=[b"{}"], headers=headers)
    assert answer.status in (400, 413)


async def test_a_body_that_breaks_off_is_no_server_error(client: Client) -> None:
    async def receive() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b'{"text"', "more_body": True}
        yield {"type": "http.disconnect"}

    messages, sent = receive(), []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": ECHO, "raw_path": ECHO.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"50")], "http_version": "1.1",
        "scheme": "http", "client": None, "server": None, "asgi": {"version": "3.0"},
    }  # fmt: skip
    await client.app(scope, lambda: anext(messages), send)  # type: ignore[arg-type]
    assert all(message.get("status", 0) < 500 for message in sent)


async def test_a_refusal_of_input_speaks_one_language(client: Client) -> None:
    body = {"colour": "blue", "count": "x"}
    chinese = await client.post(ECHO, json=body)
    english = await client.post(ECHO, json=body, headers={"Accept-Language": "en"})
    assert chinese.fields == {
        "text": "必填",
        "count": "必须是整数",
        "colour": "必须是以下之一：'red' 或 'green'",
    }
    assert english.fields == {
        "text": "is required",
        "count": "must be a whole number",
        "colour": "must be one of 'red' or 'green'",
    }
    assert english.body.isascii()
