"""The wire format: CloudEvents 1.0, structured JSON. Composed by the relay, parsed by consumers, strict about what it needs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from shared.contracts.message import CLOUDEVENTS_PREFIX, TYPE_PATTERN

CONTENT_TYPE = "application/cloudevents+json"
SPEC_VERSION = "1.0"
COMMUNITY_PATTERN = re.compile(r"^[a-z][a-z0-9-]{1,39}$")


class Undecodable(Exception):
    """These bytes are no message of ours, and reading them again will not change that. `reason` is a short slug."""

    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(explanation)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Envelope:
    """What travels around the data of a message."""

    id: UUID
    type: str
    """Message type without the CloudEvents prefix, e.g. `issues.issue_resolved.v1`."""
    community: str
    aggregate_id: UUID
    aggregate_version: int
    time: datetime
    data: dict[str, Any]
    correlation_id: str | None = None
    causation_id: str | None = None

    @property
    def publisher(self) -> str:
        """The service that published it."""
        return self.type.split(".", 1)[0]


def compose(
    *,
    id: UUID,  # noqa: A002 - CloudEvents calls it id
    message_type: str,
    community: str,
    aggregate_id: UUID,
    aggregate_version: int,
    time: datetime,
    data: bytes,
    correlation_id: str | None,
    causation_id: str | None,
) -> bytes:
    """The bytes that travel. `data` is JSON already and is put in as it is."""
    event: dict[str, Any] = {
        "specversion": SPEC_VERSION,
        "id": str(id),
        "source": f"/mulin/{message_type.split('.', 1)[0]}",
        "type": CLOUDEVENTS_PREFIX + message_type,
        "subject": str(aggregate_id),
        "time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "community": community,
        "aggregateversion": aggregate_version,
    }
    if correlation_id:
        event["correlationid"] = correlation_id
    if causation_id:
        event["causationid"] = causation_id
    event["data"] = orjson.Fragment(data)
    return orjson.dumps(event)


def parse(body: bytes) -> Envelope:
    """Read an envelope. Raises `Undecodable` for anything that is not exactly a message of this platform."""
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Undecodable("not-json", f"not JSON: {error}") from error
    if not isinstance(event, dict):
        raise Undecodable("not-an-envelope", "the body is not a JSON object")
    if event.get("specversion") != SPEC_VERSION:
        raise Undecodable("wrong-specversion", f"specversion is {event.get('specversion')!r}, must be {SPEC_VERSION!r}")
    return Envelope(
        id=_uuid(event, "id"),
        type=_type(event),
        community=_community(event),
        aggregate_id=_uuid(event, "subject"),
        aggregate_version=_version(event),
        time=_time(event),
        data=_data(event),
        correlation_id=_optional_text(event, "correlationid"),
        causation_id=_optional_text(event, "causationid"),
    )


def salvage(body: bytes) -> Envelope | None:
    """What can be known about a message that `parse` refuses: enough to let its aggregate go on, or nothing."""
    try:
        event = orjson.loads(body)
        repaired = {"specversion": SPEC_VERSION, "time": "1970-01-01T00:00:00Z", "data": {}}
        kept = {name: event[name] for name in ("id", "type", "subject", "community", "aggregateversion")}
        return parse(orjson.dumps({**repaired, **kept}))
    except (orjson.JSONDecodeError, TypeError, KeyError, Undecodable):
        return None


def _text(event: dict[str, Any], name: str) -> str:
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise Undecodable(f"bad-{name}", f"attribute {name} is missing or no text")
    return value


def _optional_text(event: dict[str, Any], name: str) -> str | None:
    return _text(event, name) if name in event else None


def _uuid(event: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(_text(event, name))
    except ValueError as error:
        raise Undecodable(f"bad-{name}", f"attribute {name} is no UUID") from error


def _type(event: dict[str, Any]) -> str:
    given = _text(event, "type")
    message_type = given.removeprefix(CLOUDEVENTS_PREFIX)
    if message_type == given or TYPE_PATTERN.match(message_type) is None:
        raise Undecodable("bad-type", f"type must look like {CLOUDEVENTS_PREFIX}issues.issue_resolved.v1")
    return message_type


def _community(event: dict[str, Any]) -> str:
    community = _text(event, "community")
    if COMMUNITY_PATTERN.match(community) is None:
        raise Undecodable("bad-community", "attribute community is no community")
    return community


def _version(event: dict[str, Any]) -> int:
    version = event.get("aggregateversion")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 2**31:
        raise Undecodable("bad-aggregateversion", "attribute aggregateversion is no positive number")
    return version


def _time(event: dict[str, Any]) -> datetime:
    try:
        time = datetime.fromisoformat(_text(event, "time"))
    except ValueError as error:
        raise Undecodable("bad-time", "attribute time is no RFC 3339 time") from error
    if time.tzinfo is None:
        raise Undecodable("bad-time", "attribute time has no zone")
    return time


def _data(event: dict[str, Any]) -> dict[str, Any]:
    data = event.get("data")
    if not isinstance(data, dict):
        raise Undecodable("bad-data", "data is missing or no JSON object")
    return data
