"""The AsyncAPI document and the page of messages: complete, consistent, and true to the wire."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from shared.contracts.catalogue import all_messages
from shared.messaging import asyncapi
from shared.messaging.describe import Reaction, as_page, written_reactions
from shared.messaging.envelope import parse
from shared.messaging.topology import CONSUMERS

MESSAGES = all_messages()
DOCUMENT = asyncapi.document()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def at(reference: str) -> Any:
    found: Any = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_it_is_asyncapi_3_and_plain_json() -> None:
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        assert at(reference)


@pytest.mark.parametrize("message_type", MESSAGES)
def test_a_message_has_channel_sender_schema_and_a_valid_example(message_type: str) -> None:
    described = DOCUMENT["components"]["messages"][message_type]
    assert DOCUMENT["channels"][message_type]["address"].startswith(MESSAGES[message_type].publisher + ".{community}.")
    assert DOCUMENT["operations"][f"publish.{message_type}"]["action"] == "send"
    (example,) = described["examples"]
    registry: Registry[Any] = Registry().with_resource(
        "urn:document", Resource.from_contents(DOCUMENT, default_specification=DRAFT202012)
    )
    schema = {"$ref": f"urn:document#/components/messages/{message_type}/payload"}
    validator = Draft202012Validator(schema, registry=registry)
    assert list(validator.iter_errors(example["payload"])) == []
    assert list(validator.iter_errors({**example["payload"], "type": "cn.mulin.other.v1"})) != []
    assert parse(json.dumps(example["payload"]).encode()).type == message_type


def test_every_reaction_of_the_services_is_a_receiving_operation() -> None:
    receiving = {name: op for name, op in DOCUMENT["operations"].items() if op["action"] == "receive"}
    assert set(receiving) == {f"{one.consumer}.{one.message_type}" for one in written_reactions()}
    assert {op["x-durable-consumer"] for op in receiving.values()} <= {consumer.durable for consumer in CONSUMERS}


def test_what_the_services_listen_to_is_in_the_topology() -> None:
    assert {one.consumer for one in written_reactions()} <= {consumer.durable for consumer in CONSUMERS}


def test_the_page_names_each_message_and_who_reacts() -> None:
    reaction = Reaction("volunteers-issues", "volunteers", "issues.issue_withdrawn.v1", "take_note", "It takes note.")
    page = as_page([reaction])
    assert all(f"### {message_type}" in page for message_type in MESSAGES)
    assert "- **volunteers-issues** `take_note`: It takes note." in page
    assert page.count("nobody reacts to it yet") == len(MESSAGES) - 1
