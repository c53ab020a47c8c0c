from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI

from shared.database.engine import Database
from shared.http.app import create_app
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow, public
from shared.testing.client import Client
from shared.testing.principals import authenticate
from shared.tests.http.notes_app import PERMISSIONS, PREFIX, Action, NoteBody, build


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build(Database("postgresql+asyncpg://nobody@127.0.0.1:1/none", application="document")).openapi()


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def test_an_operation_is_called_as_its_function(document: dict[str, Any]) -> None:
    assert {operation["operationId"] for operation in operations(document)} == {
        "write", "star", "list_notes", "mine", "read", "star_slowly", "greet", "broken", "busy", "echo",
    }  # fmt: skip


def test_an_operation_says_who_may_call_it(document: dict[str, Any]) -> None:
    said = {operation["operationId"]: operation["x-action"] for operation in operations(document)}
    assert said["write"] == "write-note"
    assert said["mine"] == "signed-in"
    assert said["greet"] == "public"


def test_an_operation_documents_its_problems_with_examples(document: dict[str, Any]) -> None:
    star = document["paths"][f"{PREFIX}/notes/{{note_id}}/star"]["post"]
    slugs = {
        status: set(response["content"]["application/problem+json"]["examples"])
        for status, response in star["responses"].items()
        if status != "200"
    }
    assert slugs["404"] == {"note-not-found", "not-found"}
    assert slugs["409"] == {"note-is-full", "request-in-progress"}
    assert slugs["412"] == {"version-mismatch"}
    assert slugs["400"] == {"idempotency-key-refused", "malformed-request"}
    assert {"401", "403", "422", "503"} <= set(slugs)
    for response in star["responses"].values():
        assert response["description"]


def test_a_body_is_documented_by_its_model_and_its_refusals(document: dict[str, Any]) -> None:
    write = document["paths"][f"{PREFIX}/notes"]["post"]
    assert write["requestBody"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/NoteBody"}}
    }
    assert write["requestBody"]["required"] is True
    assert {"413", "415"} <= set(write["responses"])
    assert document["components"]["schemas"]["NoteBody"]["additionalProperties"] is False
    assert "201" in write["responses"]


def test_headers_of_commands_are_documented(document: dict[str, Any]) -> None:
    star = document["paths"][f"{PREFIX}/notes/{{note_id}}/star"]["post"]
    parameters = {parameter["name"]: parameter for parameter in star["parameters"]}
    assert set(parameters) == {"community", "note_id", "Idempotency-Key", "If-Match"}
    assert parameters["Idempotency-Key"]["required"] is True
    assert parameters["note_id"]["schema"]["format"] == "uuid"


def test_every_reference_leads_somewhere_and_nothing_of_the_framework_is_left(document: dict[str, Any]) -> None:
    text = str(document)
    schemas = document["components"]["schemas"]
    for reference in {part.split("'")[0] for part in text.split("#/components/schemas/")[1:]}:
        assert reference in schemas
    assert "HTTPValidationError" not in text
    assert {"Problem", "FieldProblem"} <= set(schemas)


async def test_the_document_is_served(client: Client) -> None:
    answer = await client.get("/openapi.json")
    assert answer.status == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert (await client.get("/docs")).status == 404


def app_of(router: Router) -> FastAPI:
    return create_app(service="issues", routers=[router], permissions=PERMISSIONS, authenticate=authenticate("issues"))


def test_an_app_with_a_route_that_does_not_say_who_may_call_it_does_not_start() -> None:
    router = Router()

    @router.get("/silent", response_model=None)
    async def silent() -> None:
        """Says nothing."""

    with pytest.raises(RuntimeError, match="GET /silent"):
        app_of(router)


def test_an_app_with_an_action_outside_its_matrix_does_not_start() -> None:
    router = Router()

    class Other:
        value = "unheard-of"

    @router.get("/other", response_model=None)
    async def other(who: Annotated[Principal, allow(Other())]) -> None:
        """Asks for an action that nobody lists."""

    with pytest.raises(RuntimeError, match="unheard-of"):
        app_of(router)


def test_an_operation_takes_one_body() -> None:
    router = Router()

    async def two(one: NoteBody, two: NoteBody, three: Annotated[int, Body()]) -> None:
        """Takes too much."""

    with pytest.raises(TypeError, match="one body"):
        router.post("/two", response_model=None, dependencies=[public()])(two)


def test_actions_of_the_sample_are_all_used(document: dict[str, Any]) -> None:
    assert {str(action) for action in Action} <= {operation["x-action"] for operation in operations(document)}
