"""The wire format: CloudEvents that any library reads, and strict reading of what others send."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.contracts import sample
from shared.contracts.catalogue import all_messages
from shared.contracts.message import Message
from shared.ids import new_id
from shared.messaging.envelope import CONTENT_TYPE, Undecodable, compose, parse, salvage

MESSAGES = all_messages()
AT = datetime(2026, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def wire(message: type[Message], **changes: Any) -> bytes:
    given: dict[str, Any] = {
        "id": new_id(),
        "message_type": message.message_type,
        "community": "feicuicheng",
        "aggregate_id": UUID(sample.read(message.message_type)[message.aggregate]),
        "aggregate_version": 3,
        "time": AT,
        "data": json.dumps(sample.read(message.message_type)).encode(),
        "correlation_id": "request-1",
        "causation_id": None,
    }
    return compose(**{**given, **changes})


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_the_cloudevents_library_reads_every_message(message: type[Message]) -> None:
    body = wire(message)
    event = from_http(HTTPMessage(headers={"content-type": CONTENT_TYPE}, body=body), JSONFormat(), CloudEvent)

    assert event.get_type() == message.cloudevents_type()
    assert event.get_source() == f"/mulin/{message.publisher}"
    assert event.get_subject() == sample.read(message.message_type)[message.aggregate]
    assert event.get_time() == AT
    assert event.get_extension("community") == "feicuicheng"
    assert event.get_extension("aggregateversion") == 3
    assert event.get_extension("correlationid") == "request-1"
    assert event.get_data() == sample.read(message.message_type)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_what_is_composed_is_read_back(message: type[Message]) -> None:
    identity, cause = new_id(), new_id()
    envelope = parse(wire(message, id=identity, causation_id=str(cause)))

    assert envelope.id == identity
    assert envelope.type == message.message_type
    assert envelope.publisher == message.publisher
    assert (envelope.community, envelope.aggregate_version) == ("feicuicheng", 3)
    assert envelope.time == AT
    assert (envelope.correlation_id, envelope.causation_id) == ("request-1", str(cause))
    assert message.model_validate(envelope.data) == message.model_validate(sample.read(message.message_type))


def event(**changes: Any) -> bytes:
    whole = json.loads(wire(MESSAGES["issues.issue_resolved.v1"]))
    return json.dumps({name: value for name, value in {**whole, **changes}.items() if value is not ...}).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not-json"),
        (b"\xff\x00", "not-json"),
        (b'{"specversion": "1.0"', "not-json"),
        (b"null", "not-an-envelope"),
        (b'"text"', "not-an-envelope"),
        (event(specversion=...), "wrong-specversion"),
        (event(specversion="0.3"), "wrong-specversion"),
        (event(specversion=1.0), "wrong-specversion"),
        (event(id=...), "bad-id"),
        (event(id=""), "bad-id"),
        (event(id=5), "bad-id"),
        (event(id="no-uuid"), "bad-id"),
        (event(type=...), "bad-type"),
        (event(type="issues.issue_resolved.v1"), "bad-type"),
        (event(type="cn.mulin.issues.issue_resolved"), "bad-type"),
        (event(type="cn.mulin.issues.issue_resolved.v0"), "bad-type"),
        (event(subject=...), "bad-subject"),
        (event(community="Feicuicheng"), "bad-community"),
        (event(community="x'; drop table outbox; --"), "bad-community"),
        (event(aggregateversion=...), "bad-aggregateversion"),
        (event(aggregateversion=0), "bad-aggregateversion"),
        (event(aggregateversion=True), "bad-aggregateversion"),
        (event(aggregateversion="1"), "bad-aggregateversion"),
        (event(aggregateversion=2**31), "bad-aggregateversion"),
        (event(time="yesterday"), "bad-time"),
        (event(time="2026-03-04T01:30:00"), "bad-time"),
        (event(data=...), "bad-data"),
        (event(data=[1]), "bad-data"),
        (event(correlationid=5), "bad-correlationid"),
    ],
)
def test_what_is_no_message_of_ours_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Undecodable) as refused:
        parse(body)
    assert refused.value.reason == reason


def test_attributes_that_we_do_not_know_are_no_reason_to_refuse() -> None:
    assert parse(event(traceparent="00-1-2-03", dataschema="https://example.com")).type == "issues.issue_resolved.v1"


def test_a_broken_message_is_salvaged_as_far_as_its_aggregate_is_known() -> None:
    saved = salvage(event(specversion="0.3", data=...))
    assert saved is not None
    assert (saved.type, saved.aggregate_version) == ("issues.issue_resolved.v1", 3)
    assert salvage(event(aggregateversion="first")) is None
    assert salvage(b"\xff") is None
    assert salvage(b"[]") is None


def test_times_travel_in_utc() -> None:
    composed = json.loads(wire(MESSAGES["issues.issue_resolved.v1"], time=datetime(2026, 1, 1, tzinfo=UTC)))
    assert composed["time"] == "2026-01-01T00:00:00Z"
