"""What a partner gets to see of a fact: a CloudEvents 1.0 document with ids, types and numbers from an allow-list, no more."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

PREFIX = "cn.mulin."
CONTENT_TYPE = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class PartnerMessage:
    """One message of one subscription. `sequence` starts at 1 and has no gaps, so that a partner can prove a loss."""

    id: UUID
    message_type: str
    subject: UUID
    time: datetime
    community: str
    subscription: UUID
    sequence: int
    data: Mapping[str, object]

    def document(self) -> dict[str, object]:
        """The CloudEvents attributes in plain JSON types; `sequence` as the CloudEvents extension of that name has it."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": f"/mulin/{self.message_type.split('.', 1)[0]}",
            "type": PREFIX + self.message_type,
            "subject": str(self.subject),
            "time": _text(self.time),
            "datacontenttype": "application/json",
            "community": self.community,
            "subscription": str(self.subscription),
            "sequence": str(self.sequence),
            "sequencetype": "Integer",
            "data": {name: _plain(value) for name, value in self.data.items()},
        }

    def body(self) -> bytes:
        """The exact bytes that are kept, signed and sent at every try."""
        return json.dumps(self.document(), ensure_ascii=False, separators=(",", ":")).encode()


def allowed_data(fields: Mapping[str, object], allowed: tuple[str, ...]) -> dict[str, object]:
    """Only the fields that partners may see. What is not on the list stays here, new fields included."""
    return {name: fields[name] for name in allowed if name in fields}


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return _text(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"partners get ids, codes, numbers and times, not {type(value).__name__}")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
