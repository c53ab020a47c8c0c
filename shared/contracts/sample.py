"""Golden samples: one file per message type with data as it was first published, kept for ever.

    python -m shared.contracts.sample          write a sample for each message that has none; never overwrites one

A reader of tomorrow must still understand them. `findings` says what a changed contract does to its sample: a new field
without default, a field that was renamed, removed or got another type.
"""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel, ValidationError

from shared.contracts.catalogue import all_messages
from shared.contracts.message import Message

SAMPLES = Path(__file__).parent / "samples"

WORDS = {
    "number": "FCC-2026-000123",
    "code": "FCC",
    "community": "feicuicheng",
    "name": "12号楼",
    "title": "邻里百家宴",
    "category": "public-lighting",
    "outcome": "solved",
    "source": "resident",
    "severity": "general",
    "tier": "within-week",
    "role": "resident",
    "rule": "wish-lit",
    "channel": "webhook",
    "template": "residential",
    "reason": "receiver-failed",
    "kind": "general",
    "quantity_kind": "street-lamps",
    "grid": "3",
}
"""Plausible texts by field name; anything else gets the field's own name."""
NUMBERS = {
    "satisfaction": 5,
    "points": 30,
    "balance": 120,
    "persons": 3,
    "capacity": 60,
    "households": 5196,
    "residents": 8225,
}


def path_of(message_type: str) -> Path:
    """Where the sample of a type lies."""
    return SAMPLES / f"{message_type}.json"


def read(message_type: str) -> dict[str, Any]:
    """The sample of a type. Raises FileNotFoundError if there is none."""
    data: dict[str, Any] = json.loads(path_of(message_type).read_text(encoding="utf-8"))
    return data


def make(message: type[Message]) -> dict[str, Any]:
    """Data with every field filled in, the same at every call."""
    fields = {name: _value(name, field.annotation) for name, field in message.model_fields.items()}
    made: dict[str, Any] = json.loads(message.model_validate(fields).model_dump_json())
    return made


def findings(model: type[BaseModel], sample: dict[str, Any]) -> list[str]:
    """What a contract does to data that was published under it before. Empty is good."""
    found = [f"{name}: is no field any more" for name in sample if name not in model.model_fields]
    try:
        again: dict[str, Any] = json.loads(model.model_validate(sample).model_dump_json())
    except ValidationError as error:
        return found + [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
    found += [
        f"{name}: was {sample[name]!r}, is read as {again[name]!r}"
        for name in sample
        if name in again and json.dumps(again[name]) != json.dumps(sample[name])  # to Python, 1 is equal to True
    ]
    return found


def write_missing() -> list[Path]:
    """Write a sample for each message that has none."""
    written = []
    for message_type, message in all_messages().items():
        path = path_of(message_type)
        if not path.exists():
            path.write_text(json.dumps(make(message), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            written.append(path)
    return written


def _value(name: str, annotation: Any) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _value(name, next(argument for argument in arguments if argument is not NoneType))
    if origin in (tuple, list, frozenset, set):
        return [_value(name.removesuffix("s"), arguments[0])]
    if origin is dict:
        return {"grid": _value("grid", arguments[1])}
    if origin is not None and arguments:  # Literal
        return arguments[0]
    return _plain(name, annotation)


def _plain(name: str, kind: Any) -> Any:
    if kind is UUID:
        return str(uuid5(NAMESPACE_URL, f"https://mulin.cn/samples/{name}"))
    if kind is bool:
        return True
    if kind in (int, float):
        return NUMBERS.get(name, 1)
    if kind is datetime:
        return datetime(2026, 3, 4, 1, 30, tzinfo=UTC).isoformat()
    if kind is date:
        return date(2026, 3, 1).isoformat()
    if kind is str:
        return WORDS.get(name, name)
    raise TypeError(f"{name}: contracts hold plain values, not {kind!r}")


def main() -> int:
    """Command line: see the module's text."""
    written = write_missing()
    for path in written:
        print(f"written: {path.name}")
    print(f"{len(written)} new samples; look at them, they stay for ever")
    return 0


if __name__ == "__main__":
    sys.exit(main())
