"""What holds for every request: ids, languages, problems for everything, headers, dispatch."""

import re
from uuid import UUID

import pytest
from starlette.routing import Route

from shared.errors import AppError
from shared.http.context import preferred_language
from shared.http.dispatch import Dispatcher
from shared.http.edge import LARGEST_HEADERS
from shared.http.problems import all_problems, problems
from shared.http.refusals import status_of
from shared.http.routing import Router
from shared.observability.metrics import rendered_metrics
from shared.security.authorisation import public
from shared.testing.client import Client
from shared.tests.http.conftest import NOTES, Headers
from shared.tests.http.notes_app import SERVICE


async def test_a_sane_request_id_is_kept_and_told(client: Client) -> None:
    answer = await client.get("/nowhere", headers={"X-Request-Id": "from-the-gateway.01"})
    assert answer.headers["x-request-id"] == "from-the-gateway.01"
    assert answer.json()["instance"] == "from-the-gateway.01"


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "evil\r\nSet-Cookie: a=b", "<script>alert(1)</script>", "a b c d e f"]
)
async def test_an_insane_request_id_is_replaced(client: Client, given: str) -> None:
    answer = await client.get("/api/v1/greeting", headers={"X-Request-Id": given})
    assert UUID(answer.headers["x-request-id"]).version == 7


async def test_the_request_id_becomes_the_correlation_id_of_messages(client: Client, as_: Headers) -> None:
    answer = await client.post(NOTES, json={"text": "correlated"}, headers=as_(**{"X-Request-Id": "chain-of-work-1"}))
    async with client.app.state.database.reading("feicuicheng") as connection:
        rows = await connection.exec_driver_sql(
            "SELECT correlation_id FROM outbox WHERE aggregate_id = $1", (UUID(answer.json()["id"]),)
        )
        assert rows.scalars().all() == ["chain-of-work-1"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en", "en"), ("en-GB, zh;q=0.3", "en"), ("de, en;q=0.5", "en"),
        ("de", "zh"), ("*", "zh"), ("en;q=0", "zh"), ("en;q=nonsense", "zh"), ("zh;q=0.5, en;q=0.5", "zh"), (";;;,,,", "zh"),
    ],
)  # fmt: skip
def test_chinese_unless_english_is_wanted_more(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


async def test_a_problem_reads_in_both_languages(client: Client) -> None:
    zh = await client.get("/nowhere")
    en = await client.get("/nowhere", headers={"Accept-Language": "en"})
    assert (zh.json()["title"], en.json()["title"]) == ("没有这个地址", "There is nothing at this address")
    assert zh.json()["type"] == en.json()["type"] == "/problems/no-such-route"


async def test_what_the_framework_refuses_is_a_problem_too(client: Client, as_: Headers) -> None:
    missing = await client.get("/api/v1/nothing/here")
    assert (missing.status, missing.slug) == (404, "no-such-route")
    wrong = await client.delete(NOTES, headers=as_())
    assert (wrong.status, wrong.slug) == (405, "method-not-allowed")
    assert "allow" in wrong.headers
    slash = await client.get(f"{NOTES}/", headers=as_())
    assert (slash.status, slash.slug) == (404, "no-such-route")


async def test_a_mistake_of_ours_tells_nothing_but_its_id(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    answer = await client.get("/api/v1/broken", headers={"X-Request-Id": "find-me-in-the-log"})
    assert (answer.status, answer.slug) == (500, "internal-error")
    assert b"13812345678" not in answer.body
    assert b"ZeroDivision" not in answer.body
    logged = capsys.readouterr().out
    assert "find-me-in-the-log" in logged
    assert "ZeroDivisionError" in logged
    assert "13812345678" not in logged


async def test_retry_after_is_told(client: Client) -> None:
    answer = await client.get("/api/v1/busy")
    assert (answer.status, answer.headers["retry-after"]) == (429, "30")


async def test_what_is_meant_for_another_service_is_sent_away_before_anything_is_done(
    client: Client, as_: Headers
) -> None:
    path = "/api/v1/greeting"
    assert (await client.get(path, headers={**as_(), "x-mulin-service": SERVICE})).status == 200
    for missed in (path, "/api/v1/nowhere"):
        answer = await client.get(missed, headers={**as_(), "x-mulin-service": "another"})
        assert (answer.status, answer.slug) == (421, "misdirected")


async def test_huge_headers_are_refused(client: Client) -> None:
    answer = await client.get("/api/v1/greeting", headers={"x-much": "a" * LARGEST_HEADERS})
    assert (answer.status, answer.slug) == (431, "headers-too-large")
    many = [(f"x-{number}", "a" * 100) for number in range(200)]
    assert (await client.get("/api/v1/greeting", headers=many)).status == 431


async def test_every_answer_carries_the_safe_headers(client: Client, as_: Headers) -> None:
    for answer in (
        await client.get("/api/v1/greeting"),
        await client.get("/nowhere"),
        await client.get(NOTES, headers=as_()),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


async def test_a_view_may_be_returned_as_it_is(client: Client, as_: Headers) -> None:
    answer = await client.get(f"{NOTES}/mine", headers=as_())
    assert (answer.status, answer.json()["text"], answer.headers["etag"]) == (200, "mine", '"7"')
    assert (await client.get("/api/v1/greeting")).json() == {"hello": "您好"}


async def test_requests_are_counted_by_route_template(client: Client, as_: Headers) -> None:
    await client.get(f"{NOTES}/019ab1c2-0000-7000-8000-00000000dead", headers=as_())
    await client.get("/no/such/path/at/all")
    await client.request("BREW", "/api/v1/greeting")
    text = rendered_metrics()[0].decode()
    template = "/api/v1/communities/{community}/notes/{note_id}"
    assert re.search(
        rf'http_requests_total{{method="GET",route="{re.escape(template)}",service="issues",status="404"}} [1-9]', text
    )
    assert re.search(
        rf'http_request_duration_seconds_count{{method="GET",route="{re.escape(template)}",service="issues"}}', text
    )
    assert 'route="(none)"' in text
    assert 'method="OTHER"' in text
    assert "00000000dead" not in text
    assert "/no/such/path" not in text


def test_every_problem_has_a_slug_of_its_own_a_status_and_both_titles() -> None:
    seen: dict[str, type[AppError]] = {}
    for error in walk(AppError):
        if error.__module__.startswith("shared.tests"):
            continue
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", error.slug), error
        assert 400 <= status_of(error) < 600
        assert error.title_zh
        assert error.title_en
        if "slug" in vars(error):
            assert error.slug not in seen, f"{error} and {seen[error.slug]} share a slug"
            seen[error.slug] = error
    assert seen.keys() <= all_problems().keys()


def walk(error: type[AppError]) -> list[type[AppError]]:
    return [error, *(below for child in error.__subclasses__() for below in walk(child))]


def test_problems_of_one_status_stand_side_by_side_in_the_document() -> None:
    known = all_problems()
    documented = problems(known["not-found"], known["no-such-route"], known["forbidden"])
    assert set(documented) == {403, 404}
    assert set(documented[404]["content"]["application/problem+json"]["examples"]) == {"not-found", "no-such-route"}


def paths_router() -> Router:
    router = Router()

    async def operation() -> None:
        """Nothing."""

    for path in ("/a/{x}", "/a/mine", "/a/{x}/b", "/a/mine/c", "/{y}/z", "/a/{x}/{y:path}", "/f/{x}.{y}"):
        router.get(path, response_model=None, dependencies=[public()])(operation)
    return router


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/a/mine", "/a/mine", {}),
        ("/a/other", "/a/{x}", {"x": "other"}),
        ("/a/mine/c", "/a/mine/c", {}),
        ("/a/mine/b", "/a/{x}/b", {"x": "mine"}),
        ("/a/z", "/a/{x}", {"x": "z"}),
        ("/q/z", "/{y}/z", {"y": "q"}),
        ("/f/one.json", None, {}),  # two parameters in one segment go the ordinary way
        ("/a/", None, {}),
        ("/a", None, {}),
        ("//z", None, {}),
        ("/a/b/c/d", None, {}),
        ("", None, {}),
    ],
)
def test_routes_are_found_by_their_segments(path: str, template: str | None, values: dict[str, str]) -> None:
    dispatcher = Dispatcher(paths_router().routes)  # type: ignore[arg-type]
    scope = {"type": "http", "path": path, "method": "GET"}
    found = dispatcher.find(scope)
    assert (found.path_format if found else None) == template
    assert scope.get("path_params", {}) == values
    assert dispatcher.find({"type": "http", "path": path, "method": "POST"}) is None


def test_a_parameter_with_an_ending_wins_over_one_without() -> None:
    async def serve() -> None:
        """Nothing."""

    routes = [Route(path, serve) for path in ("/things/{thing_id}", "/things/{thing_id}.ics", "/things/{token}.txt")]
    dispatcher = Dispatcher(routes)
    for path, template, value in (
        ("/things/7", "/things/{thing_id}", "7"),
        ("/things/7.ics", "/things/{thing_id}.ics", "7"),
        ("/things/a.b.txt", "/things/{token}.txt", "a.b"),
        ("/things/7.pdf", "/things/{thing_id}", "7.pdf"),
        ("/things/.ics", "/things/{thing_id}", ".ics"),
    ):
        scope = {"type": "http", "path": path, "method": "GET"}
        found = dispatcher.find(scope)
        assert found is not None
        assert (found.path, list(scope["path_params"].values())) == (template, [value])  # type: ignore[attr-defined]
