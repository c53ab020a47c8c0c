"""Valid values for a JSON schema, as small as possible but with every field filled in."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

BY_FORMAT: Mapping[str, str] = {
    "uuid": "01900000-0000-7000-8000-000000000001",
    "date-time": "2099-01-02T03:04:05Z",
    "date": "2099-01-02",
    "time": "19:30:00",
    "uri": "https://example.org/hook",
    "email": "someone@example.org",
    "duration": "PT1H",
}


def resolved(schema: Schema, root: Schema) -> Schema:
    """The schema behind a `$ref` into `#/$defs` or `#/components/schemas`, with the siblings of the reference kept."""
    while "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    if len(schema.get("allOf", ())) == 1:
        inner = resolved(schema["allOf"][0], root)
        schema = {**inner, **{key: value for key, value in schema.items() if key != "allOf"}}
    return schema


def variants(schema: Schema, root: Schema) -> Iterator[tuple[str, Schema]]:
    """The object schemas that a body may follow, each with a label (empty when there is only one)."""
    schema = resolved(schema, root)
    options = schema.get("oneOf") or schema.get("anyOf")
    if not options:
        yield "", schema
        return
    for option in options:
        inner = resolved(option, root)
        if inner.get("type") != "null":
            yield inner.get("title", "variant"), inner


def sample(schema: Schema, root: Schema) -> Any:
    """A valid value. `examples` of a schema win, then enums and formats, then the smallest value of the type."""
    schema = resolved(schema, root)
    given = [*schema.get("examples", ()), *([schema["const"]] if "const" in schema else ()), *schema.get("enum", ())]
    if given:
        return given[0]
    if "anyOf" in schema or "oneOf" in schema:
        return sample(next(variant for _, variant in variants(schema, root)), root)
    match schema.get("type"):
        case "object":
            return {name: sample(inner, root) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [sample(schema.get("items", {}), root)] * max(1, schema.get("minItems", 0))
        case other:
            return _plain(str(other), schema)


def accepts_text(schema: Schema, text: str) -> bool:
    """Whether a string schema takes this text; a `format` takes none of the free texts tried by tests."""
    if "format" in schema:
        return False
    if "const" in schema or "enum" in schema:
        return text in (*schema.get("enum", ()), schema.get("const"))
    fits = schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text))
    return fits and ("pattern" not in schema or re.search(schema["pattern"], text) is not None)


def _plain(kind: str, schema: Schema) -> Any:
    if kind == "string":
        return _text(schema)
    if kind in ("integer", "number"):
        return _number(schema)
    return {"boolean": True, "null": None}.get(kind, "任意")


def _text(schema: Schema) -> str:
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    text = "睦邻"
    if len(text) < schema.get("minLength", 0):
        text *= schema["minLength"]
    return text[: schema.get("maxLength", len(text))]


def _number(schema: Schema) -> int:
    if "minimum" in schema:
        return int(schema["minimum"])
    if "exclusiveMinimum" in schema:
        return int(schema["exclusiveMinimum"]) + 1
    return min(1, int(schema.get("maximum", 1)))
