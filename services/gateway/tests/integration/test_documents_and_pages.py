"""One document for the whole platform, and pages that need no script and no foreign host."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import schemathesis
from jsonschema import Draft202012Validator

from services.gateway.front.routes import SERVICES, target_of
from services.gateway.main import build
from services.gateway.merged_openapi import merged_openapi, operations_of
from services.gateway.page_rendering import STATIC
from services.gateway.tests.integration.platform_services import app_of
from services.gateway.tests.integration.running import (
    OPERATOR,
    OPERATOR_PASSWORD,
    Town,
    a_town,
    log_in,
    settings_for,
)
from services.gateway.tests.integration.sockets import serving
from shared.testing.client import Client
from shared.testing.fixtures import MakeDatabase

SCHEMAS = "#/components/schemas/"
PAGES = ("/", "/docs", "/problems/unauthenticated", "/problems/figures-do-not-add-up")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The documents of the four services behind the gateway."""
    folder = tmp_path_factory.mktemp("keys")
    return {service: app_of(service, folder).openapi() for service in SERVICES}


@pytest.fixture
async def platform(
    database_of: MakeDatabase, nats_of: Callable[[str], str], documents: dict[str, Any]
) -> AsyncIterator[Town]:
    """The gateway with services behind it that give their documents and say that they are ready; notify is away."""
    async with AsyncExitStack() as stack:
        urls = {"notify": "http://127.0.0.1:1"}
        for service in SERVICES[:-1]:
            app = _Documented(documents[service])
            urls[service] = await stack.enter_async_context(serving(app, lifespan=False))
        settings = settings_for(database_of("gateway"), nats_of, service_urls=urls)
        client = await stack.enter_async_context(Client(build(settings)))
        yield await a_town(client, await log_in(client, OPERATOR, OPERATOR_PASSWORD))


class _Documented:
    """A service that has nothing but its document."""

    def __init__(self, document: Any) -> None:
        self._document = document

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        import orjson  # noqa: PLC0415

        body = orjson.dumps(self._document) if scope["path"] == "/openapi.json" else b"{}"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def merged(documents: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The merged document of all five."""
    from services.gateway.tests.integration.test_routes import DOCUMENT  # noqa: PLC0415

    return merged_openapi({"gateway": DOCUMENT, **documents}, "0.1.0")


def every_reference(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref":
                yield item
            else:
                yield from every_reference(item)
    elif isinstance(value, list):
        for item in value:
            yield from every_reference(item)


def test_the_route_table_knows_every_route_of_every_service(documents: dict[str, Any]) -> None:
    for service, document in documents.items():
        for path in document["paths"]:
            assert target_of(re.sub(r"\{[^}]*\}", "x", path)).service == service, path


def test_the_merged_document_holds_every_operation_once(merged: Any, documents: dict[str, Any]) -> None:
    operations = list(operations_of(merged))
    ids = [operation["operationId"] for _, _, operation in operations]
    assert len(ids) == len(set(ids))
    expected = {(path, method) for document in documents.values() for path, method, _ in operations_of(document)}
    assert expected <= {(path, method) for path, method, _ in operations}
    assert {operation["tags"][0] for _, _, operation in operations} == {"gateway", *SERVICES}


def test_the_merged_document_is_valid(merged: Any) -> None:
    assert merged["openapi"] == "3.1.0"
    schemas = merged["components"]["schemas"]
    for name, schema in schemas.items():
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
        Draft202012Validator.check_schema(schema)
    for reference in every_reference(merged):
        assert reference.removeprefix(SCHEMAS) in schemas, reference
    loaded = schemathesis.openapi.from_dict(merged)
    operations = [result.ok() for result in loaded.get_all_operations()]  # type: ignore[union-attr]
    assert len(operations) == len(list(operations_of(merged)))
    for path, method, operation in operations_of(merged):
        declared = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
        assert sorted(declared) == sorted(re.findall(r"\{([^}]*)\}", path)), (method, path)
        assert {"429", "502", "503", "504"} <= operation["responses"].keys()
        for scheme in operation["security"]:
            assert scheme.keys() <= merged["components"]["securitySchemes"].keys()
        assert (operation["security"] == []) is (operation["x-action"] == "public")


async def test_the_document_is_served_with_what_is_there(platform: Town) -> None:
    answer = await platform.client.get("/openapi.json")
    document = answer.json()
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert {tag["name"] for tag in document["tags"]} == {"gateway", "issues", "volunteers", "events"}
    assert "/api/v1/communities/{community}/issues" in document["paths"]


async def test_every_message_is_in_the_asyncapi_document(platform: Town) -> None:
    document = (await platform.client.get("/asyncapi.json")).json()
    assert document["asyncapi"].startswith("3.")
    text = str(document)
    for fact in ("community_created", "issue_resolved", "points_awarded", "event_published", "subscription_created"):
        assert fact in text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_pages_load_nothing_from_elsewhere_and_run_no_script(platform: Town, path: str, lang: str) -> None:
    answer = await platform.client.get(path, params={"lang": lang})
    page = answer.body.decode()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script" not in page
    assert not re.search(r'\s(style|on[a-z]+)="', page)
    for target in re.findall(r'(?:href|src)="([^"]*)"', page):
        assert target.startswith(("/", "#", "?")), target
        if target.startswith("/") and not target.startswith(("/problems/", "/docs")):
            assert (await platform.client.get(target.split("?")[0].split("#")[0])).status == 200, target
    assert page.count("<h1>") == 1
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


async def test_the_landing_page_says_what_runs_where(platform: Town) -> None:
    chinese = (await platform.client.get("/")).body.decode()
    assert '<html lang="zh-CN">' in chinese
    assert "水集街道" in chinese
    assert platform.slug in chinese
    assert chinese.count("✓ 正常") == 4
    assert chinese.count("✕ 暂不可用") == 1
    english = (await platform.client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"})).body.decode()
    assert '<html lang="en">' in english
    assert "Shuiji Subdistrict" in english


async def test_a_name_cannot_break_out_of_the_page(platform: Town) -> None:
    body = {"slug": "x" + platform.slug, "name": "<script>alert(1)</script>", "name_en": "\"'><img src=x>"}
    await platform.operator.made("/subdistricts", body)
    for lang in ("zh", "en"):
        page = (await platform.client.get("/", params={"lang": lang})).body.decode()
        assert "<script" not in page
        assert "<img" not in page


async def test_every_problem_has_its_page(platform: Town) -> None:
    document = (await platform.client.get("/openapi.json")).json()
    slugs = set(re.findall(r"/problems/([a-z0-9-]+)", str(document)))
    assert {"unauthenticated", "service-unreachable", "idempotency-key-reused"} <= slugs
    assert any(slug.startswith(("transition", "issue")) for slug in slugs)
    for slug in sorted(slugs):
        page = await platform.client.get(f"/problems/{slug}")
        assert page.status == 200, slug
        assert slug in page.body.decode()
    missing = await platform.client.get("/problems/no-such-problem")
    assert (missing.status, missing.slug) == (404, "not-found")


async def test_head_answers_the_headers_of_every_page_and_document_without_a_body(platform: Town) -> None:
    files = [f"/static/{name}" for name in STATIC]
    async with serving(platform.client.app, lifespan=False) as address, aiohttp.ClientSession(address) as session:
        for path in (*PAGES, *files, "/openapi.json", "/asyncapi.json", "/favicon.ico", "/favicon.svg"):
            async with session.get(path) as whole, session.head(path) as head:
                size = len(await whole.read())
                assert (head.status, await head.read()) == (200, b""), path
                assert int(head.headers["content-length"]) == size > 0
                differing = ("date", "x-request-id")
                shown = [
                    {name.lower(): value for name, value in answer.headers.items() if name.lower() not in differing}
                    for answer in (whole, head)
                ]
                assert shown[0] == shown[1]
        async with session.head("/problems/no-such-problem") as missing:
            assert (missing.status, await missing.read()) == (404, b"")


async def test_there_is_an_icon_and_nothing_else_of_the_files(platform: Town) -> None:
    for path in ("/favicon.ico", "/favicon.svg", "/static/tokens.css", "/static/page.css"):
        answer = await platform.client.get(path)
        assert (answer.status, answer.headers["cache-control"]) == (200, "public, max-age=3600")
    for path in ("/static/../settings.py", "/static/%2e%2e/main.py", "/static/main.py", "/nothing"):
        assert (await platform.client.get(path)).status == 404


def test_styles_use_the_tokens_only() -> None:
    style = (Path(__file__).parents[2] / "static" / "page.css").read_text(encoding="utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(", style)
    known = set(re.findall(r"(--[a-z0-9-]+):", (Path(__file__).parents[2] / "static" / "tokens.css").read_text()))
    assert set(re.findall(r"var\((--[a-z0-9-]+)\)", style)) <= known
