"""Whatever goes wrong with a question of Open311, the answer is a list of code and description, in the format that was asked for."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from services.gateway.open311.documents import Format
from services.gateway.tests.integration.running import Somebody, Town, running, settings_for
from shared.http.edge import LARGEST_BODY
from shared.testing.client import Answer, Client
from shared.testing.databases import Database

FORM = {"content-type": "application/x-www-form-urlencoded"}
FORMS: tuple[Format, ...] = ("json", "xml")
V2 = "/open311/v2"


def errors_of(answer: Answer, form: Format) -> list[dict[str, str]]:
    """Code and description of each error; the answer must be in this format."""
    kind = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}[form]
    assert answer.headers["content-type"] == kind, answer.body
    assert int(answer.headers["content-length"]) == len(answer.body)
    if form == "json":
        return [{name: str(value) for name, value in error.items()} for error in answer.json()]
    document = ET.fromstring(answer.body)  # noqa: S314 - from our own gateway
    assert document.tag == "errors"
    return [{part.tag: part.text or "" for part in error} for error in document]


def told(answer: Answer, form: Format, status: int) -> str:
    """The descriptions of an answer that must be this refusal."""
    errors = errors_of(answer, form)
    assert answer.status == status, answer.body
    assert errors
    assert all(error.keys() == {"code", "description"} for error in errors)
    assert {error["code"] for error in errors} == {str(status)}
    assert answer.headers["x-request-id"]
    return "；".join(error["description"] for error in errors)


@pytest.mark.parametrize("form", FORMS)
async def test_what_is_refused_outside_of_its_routes(client: Client, town: Town, form: Format) -> None:
    requests = f"{V2}/requests.{form}"
    here: dict[str, Any] = {"jurisdiction_id": town.slug}
    told(await client.get(f"{V2}/no/such/thing.{form}"), form, 404)
    told(await client.request("DELETE", requests), form, 405)
    assert "jurisdiction_id" in told(await client.get(requests, params={"jurisdiction_id": "x" * 41}), form, 400)
    assert "api_key" in told(await client.get(requests, params={**here, "api_key": "k" * 201}), form, 400)
    told(await client.post(requests, content=b"x" * (LARGEST_BODY + 1), headers=FORM), form, 413)
    told(await client.post(requests, content=b"{}", headers={"content-type": "application/json"}), form, 400)
    told(await client.post(requests, content=b"description=%ff&service_code=x", headers=FORM), form, 400)


@pytest.mark.parametrize("form", FORMS)
async def test_communities_that_are_not_there_and_keys_that_open_nothing(
    client: Client, town: Town, form: Format
) -> None:
    for wrong in ("nowhere", "../issues", "a/b?c", "*", "一", " "):
        told(await client.get(f"{V2}/services.{form}", params={"jurisdiction_id": wrong}), form, 404)
    for wrong in ("mlk_unknown", "mls_session", "nonsense", "键"):
        params = {"jurisdiction_id": town.slug, "api_key": wrong}
        told(await client.get(f"{V2}/services.{form}", params=params), form, 403)
    content = f"jurisdiction_id={town.slug}&service_code=noise&address_string=x".encode()
    assert "api_key" in told(await client.post(f"{V2}/requests.{form}", content=content, headers=FORM), form, 403)


@pytest.mark.parametrize("form", FORMS)
async def test_a_service_that_is_away_is_told_with_when_to_come_again(client: Client, town: Town, form: Format) -> None:
    answer = await client.get(f"{V2}/services.{form}", params={"jurisdiction_id": town.slug})
    told(answer, form, 503)
    assert int(answer.headers["retry-after"]) > 0


async def test_who_asks_too_much_is_told_in_its_words_too(database: Database, nats_of: Callable[[str], str]) -> None:
    async with running(settings_for(database, nats_of, requests_per_second_of_address=0.5)) as client:
        answers = [await client.get(f"{V2}/discovery.{form}") for form in FORMS for _ in range(8)]
        slowed = [answer for answer in answers if answer.status == 429]
        assert slowed
        for answer in slowed:
            told(answer, "xml" if answer.headers["content-type"].startswith("text/xml") else "json", 429)
            assert int(answer.headers["retry-after"]) >= 1


async def test_other_addresses_keep_the_words_of_the_platform(client: Client, stranger: Somebody) -> None:
    assert (await stranger.get("/me")).slug == "unauthenticated"
    assert (await client.get(f"{V2}/services.yaml")).slug == "invalid-input"
    assert (await client.get("/open311.json")).slug != ""
    assert (await client.get(f"{V2}/discovery.json")).json()["endpoints"]
