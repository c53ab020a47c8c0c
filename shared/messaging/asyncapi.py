"""The AsyncAPI 3.0 document of the whole platform: every message, who sends it, who reacts to it, with an example."""

import inspect
from collections.abc import Iterable
from typing import Any

from shared.contracts import sample
from shared.contracts.catalogue import all_messages
from shared.contracts.message import CLOUDEVENTS_PREFIX, Message
from shared.messaging.describe import Reaction, written_reactions
from shared.messaging.envelope import COMMUNITY_PATTERN, CONTENT_TYPE, SPEC_VERSION
from shared.messaging.outbox import stream_of

EXAMPLE_COMMUNITY = "feicuicheng"
UUID_SCHEMA = {"type": "string", "format": "uuid"}


def document(reactions: Iterable[Reaction] | None = None, *, version: str = "0.1.0") -> dict[str, Any]:
    """The document as plain data, ready for JSON. `reactions` default to those written down for all services."""
    messages = all_messages()
    schemas: dict[str, Any] = {"Envelope": _envelope()}
    for message in messages.values():
        schema = message.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[message.__name__] = schema
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "睦邻 Mulin: messages",
            "version": version,
            "description": "各服务之间、以及发给共建单位的消息。What the services tell each other, as CloudEvents 1.0 on NATS JetStream."
            " One stream per publishing service; order per `subject` by `aggregateversion`, delivery at least once: keep the ids.",
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "nats": {
                "host": "nats:4222",
                "protocol": "nats",
                "description": "NATS JetStream of the installation; partner units get their own credentials for the stream PARTNERS.",
            }
        },
        "channels": {_key(message): _channel(message) for message in messages.values()},
        "operations": {
            **{f"publish.{_key(message)}": _send(message) for message in messages.values()},
            **_receives(messages, written_reactions() if reactions is None else reactions),
        },
        "components": {
            "messages": {_key(message): _message(message) for message in messages.values()},
            "schemas": schemas,
        },
    }


def example(message: type[Message]) -> dict[str, Any]:
    """A whole message as it travels, with the data of the golden sample."""
    data = sample.read(message.message_type)
    return {
        "specversion": SPEC_VERSION,
        "id": "0195f2a0-7c1e-7000-8000-000000000001",
        "source": f"/mulin/{message.publisher}",
        "type": CLOUDEVENTS_PREFIX + message.message_type,
        "subject": data[message.aggregate],
        "time": "2026-03-04T01:30:00Z",
        "datacontenttype": "application/json",
        "community": EXAMPLE_COMMUNITY,
        "aggregateversion": 1,
        "correlationid": "0195f2a0-7c1e-7000-8000-0000000000ff",
        "data": data,
    }


def _key(message: type[Message]) -> str:
    return message.message_type


def _reference(*path: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(path)}


def _words(message: type[Message]) -> str:
    return " ".join((inspect.getdoc(message) or "").split())


def _channel(message: type[Message]) -> dict[str, Any]:
    publisher, rest = message.message_type.split(".", 1)
    return {
        "address": f"{publisher}.{{community}}.{rest}",
        "title": message.__name__,
        "summary": _words(message),
        "parameters": {"community": {"description": f"Key of the community, such as {EXAMPLE_COMMUNITY}"}},
        "messages": {_key(message): _reference("components", "messages", _key(message))},
        "servers": [_reference("servers", "nats")],
        "x-stream": stream_of(message.publisher),
    }


def _send(message: type[Message]) -> dict[str, Any]:
    key = _key(message)
    return {
        "action": "send",
        "channel": _reference("channels", key),
        "title": f"{message.publisher} publishes {message.__name__}",
        "summary": _words(message),
        "tags": [{"name": message.publisher}],
        "messages": [_reference("channels", key, "messages", key)],
    }


def _receives(messages: dict[str, type[Message]], reactions: Iterable[Reaction]) -> dict[str, Any]:
    return {
        f"{reaction.consumer}.{reaction.message_type}": {
            "action": "receive",
            "channel": _reference("channels", reaction.message_type),
            "title": reaction.handler,
            "summary": reaction.summary,
            "tags": [{"name": reaction.service}],
            "messages": [_reference("channels", reaction.message_type, "messages", reaction.message_type)],
            "x-durable-consumer": reaction.consumer,
        }
        for reaction in reactions
        if reaction.message_type in messages
    }


def _message(message: type[Message]) -> dict[str, Any]:
    constants = {
        "type": {"const": CLOUDEVENTS_PREFIX + message.message_type},
        "source": {"const": f"/mulin/{message.publisher}"},
        "data": _reference("components", "schemas", message.__name__),
    }
    return {
        "name": _key(message),
        "title": message.__name__,
        "summary": _words(message),
        "contentType": CONTENT_TYPE,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "tags": [{"name": message.publisher}],
        "payload": {
            "allOf": [_reference("components", "schemas", "Envelope"), {"type": "object", "properties": constants}]
        },
        "examples": [{"name": "golden-sample", "payload": example(message)}],
    }


def _envelope() -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "specversion": {"const": SPEC_VERSION},
        "id": {**UUID_SCHEMA, "description": "The same at every delivery; also the Nats-Msg-Id"},
        "source": {"type": "string", "format": "uri-reference"},
        "type": {"type": "string"},
        "subject": {**UUID_SCHEMA, "description": "Id of the thing the fact is about: the ordering key"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "community": {"type": "string", "pattern": COMMUNITY_PATTERN.pattern},
        "aggregateversion": {
            "type": "integer",
            "minimum": 1,
            "description": "1, 2, 3 … without gaps per subject: a reader that sees n + 2 after n waits",
        },
        "correlationid": {"type": "string", "description": "The request that the whole chain of work began with"},
        "causationid": {"type": "string", "description": "Id of the message that caused this one"},
        "data": {"type": "object"},
    }
    optional = {"correlationid", "causationid"}
    return {
        "type": "object",
        "description": "CloudEvents 1.0, structured JSON mode",
        "properties": attributes,
        "required": [name for name in attributes if name not in optional],
    }
