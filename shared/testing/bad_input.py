"""Bad and good request bodies, derived from the JSON schema of a route, so that a new route is covered the day it is born.

@pytest.mark.parametrize("case", bad_bodies_of(app), ids=str)
async def test_bad_input_is_named(client, case):
    answer = await client.request(case.method, case.path(community="feicuicheng"), content=case.content, ...)
    assert 400 <= answer.status_code < 500
    assert names_field(answer.json(), case.field)
"""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from shared.testing.sample_bodies import Schema, accepts_text, resolved, sample, variants

OTHER_SCRIPTS: Mapping[str, str] = {
    "uyghur": "ئەسسالامۇ ئەلەيكۇم",
    "tibetan": "བཀྲ་ཤིས་བདེ་ལེགས།",
    "emoji": "路灯不亮👨‍👩‍👧🏮",
    "right-to-left": "שלום مرحبا",
    "rare-han": "𠮷野家𬭳鎶",
    "full-width": "１２号楼　北侧",
}
"""Texts that every free text field must take as they are."""
HUGE = 10**30
"""A number that fits no integer column."""
WRONG_TYPES: tuple[tuple[str, Any, frozenset[str]], ...] = (
    ("null", None, frozenset({"null"})),
    ("an object", {"a": 1}, frozenset({"object"})),
    ("a list", [[]], frozenset({"array"})),
    ("a word", "abc", frozenset({"boolean", "string"})),  # booleans may take words such as "yes"; those are not tried
    ("a truth value", True, frozenset({"boolean", "integer", "number"})),
    ("a fraction", 1.5, frozenset({"number"})),
    ("a number", 12, frozenset({"integer", "number", "boolean"})),
)
"""(label, value, types that may accept it)."""
UNSAFE_TEXTS: Mapping[str, str] = {
    "with NUL": "a\x00b",
    "with a control character": "a\x1bb",
    "with a lone surrogate": "a\ud800b",
}
"""Texts that no field may ever take."""
SUSPECT_TEXTS: Mapping[str, str] = {
    "empty": "",
    "nonsense": "not-one-of-them",
    "an impossible date": "2026-02-30T25:61:00Z",
}
"""Texts that are bad unless the schema of the field accepts them."""


@dataclass(frozen=True, slots=True)
class BodyCase:
    """One body to send. `field` is the dotted path that the problem must name; None when the body as a whole is bad."""

    name: str
    content: bytes
    field: str | None

    def __str__(self) -> str:
        """Read well as a test id."""
        return self.name


@dataclass(frozen=True, slots=True)
class RouteCase:
    """A body case of one route."""

    method: str
    template: str
    body: BodyCase

    @property
    def content(self) -> bytes:
        """The bytes to send."""
        return self.body.content

    @property
    def field(self) -> str | None:
        """The field that the problem must name."""
        return self.body.field

    def path(self, **known: str) -> str:
        """The template with `known` path values filled in; every other one becomes a UUID that exists nowhere."""

        def filled(match: re.Match[str]) -> str:
            return known.get(match[1], "00000000-0000-7000-8000-000000000000")

        return re.sub(r"\{(\w+)(?::\w+)?\}", filled, self.template)

    def __str__(self) -> str:
        """Read well as a test id."""
        return f"{self.method} {self.template} {self.body.name}"


def bad_bodies(schema: Schema, root: Schema | None = None) -> Iterator[BodyCase]:
    """Bodies that break one thing each, for a JSON schema (`Model.model_json_schema()` or a part of an OpenAPI `root`)."""
    root = root or schema
    yield BodyCase("empty body", b"", None)
    yield BodyCase("not JSON", b"{not json", None)
    yield BodyCase("a list instead of an object", b"[]", None)
    yield BodyCase("null instead of an object", b"null", None)
    yield BodyCase("not UTF-8", b'{"text": "\xff\xfe"}', None)
    yield BodyCase("nested too deep", b'{"a":' * 500 + b"1" + b"}" * 500, None)
    for label, variant in variants(schema, root):
        valid = sample(variant, root)
        prefix = f"{label}: " if label else ""
        yield _case(f"{prefix}unknown field", {**valid, "no_such_field": 1}, "no_such_field")
        for change in _object_changes(variant, root, valid, ()):
            yield BodyCase(prefix + change.name, change.content, change.field)


def good_bodies(schema: Schema, root: Schema | None = None) -> Iterator[BodyCase]:
    """Bodies that obey the schema, with texts in other scripts: these must not be refused as invalid input (422)."""
    root = root or schema
    for label, variant in variants(schema, root):
        valid = sample(variant, root)
        prefix = f"{label}: " if label else ""
        yield _case(f"{prefix}plain", valid, None)
        for path, field_schema in _fields(variant, root, valid, ()):
            for kind in _alternatives(field_schema, root):
                for script, text in OTHER_SCRIPTS.items():
                    if kind.get("type") == "string" and accepts_text(kind, text):
                        yield _case(f"{prefix}{'.'.join(path)} in {script}", _with(valid, path, text), None)


def bad_bodies_of(openapi: Mapping[str, Any]) -> list[RouteCase]:
    """Every bad body of every route with a JSON body in an OpenAPI document (`app.openapi()`)."""
    return [
        RouteCase(m, t, body)
        for m, t, schema in routes_with_body(openapi)
        for body in bad_bodies(schema, dict(openapi))
    ]


def good_bodies_of(openapi: Mapping[str, Any]) -> list[RouteCase]:
    """Every good body in other scripts of every route with a JSON body in an OpenAPI document."""
    return [
        RouteCase(m, t, body)
        for m, t, schema in routes_with_body(openapi)
        for body in good_bodies(schema, dict(openapi))
    ]


def routes_with_body(openapi: Mapping[str, Any]) -> Iterator[tuple[str, str, Schema]]:
    """(method, path template, body schema) of the routes that take JSON."""
    for template, operations in openapi["paths"].items():
        for method, operation in operations.items():
            if method in {"post", "put", "patch"} and "requestBody" in operation:
                content = operation["requestBody"]["content"]
                if "application/json" in content:
                    yield method.upper(), template, content["application/json"]["schema"]


def names_field(problem: Mapping[str, Any], field: str | None) -> bool:
    """Whether a problem document names `field` among its errors (a parent or a discriminated variant in between is fine)."""
    if field is None:
        return True
    wanted = field.split(".")
    for error in problem.get("errors", ()):
        path = str(error["field"]).replace("[", ".").replace("]", "")  # rows[0].text is rows.0.text here
        named = [part for part in path.split(".") if part != "body"]
        if named == wanted or _is_subsequence(wanted, named) or (named and wanted[: len(named)] == named):
            return True
    return False


def _is_subsequence(wanted: list[str], named: list[str]) -> bool:
    remaining = iter(named)
    return all(part in remaining for part in wanted)


def _fields(
    schema: Schema, root: Schema, valid: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Every field of an object schema with its path, through nested objects and the first item of lists."""
    schema = resolved(schema, root)
    for name, field_schema in schema.get("properties", {}).items():
        here = (*path, name)
        yield here, field_schema
        for kind in _alternatives(field_schema, root):
            if kind.get("properties"):
                yield from _fields(kind, root, valid, here)
            elif kind.get("type") == "array" and isinstance(kind.get("items"), dict):
                for _, item in variants(kind["items"], root):
                    if item.get("properties"):
                        yield from _fields(item, root, valid, (*here, "0"))
                    break


def _object_changes(schema: Schema, root: Schema, valid: Any, path: tuple[str, ...]) -> Iterator[BodyCase]:
    for field_path, field_schema in _fields(schema, root, valid, path):
        dotted = ".".join(field_path)
        parent = _parent_schema(schema, root, field_path)
        if field_path[-1] in parent.get("required", ()):
            yield _case(f"{dotted} missing", _without(valid, field_path), dotted)
        kinds = list(_alternatives(field_schema, root))
        if any("const" in kind for kind in kinds):
            continue  # the tag of a variant: another value is another variant
        for label, value in _bad_values(kinds):
            yield _case(f"{dotted} {label}", _with(valid, field_path, value), dotted)


def _bad_values(kinds: list[Schema]) -> Iterator[tuple[str, Any]]:
    """Values that no alternative of a field accepts."""
    types = {str(kind.get("type")) for kind in kinds}
    if "None" in types:  # an untyped field takes anything
        return
    for label, value, accepting in WRONG_TYPES:
        if not types & accepting:
            yield label, value
    if types & {"integer", "number"}:
        yield "a huge number", HUGE
    if "string" in types:
        texts = [kind for kind in kinds if kind.get("type") == "string"]
        yield from UNSAFE_TEXTS.items()
        too_long = "很" * (max(kind.get("maxLength", 200) for kind in texts) + 1)
        for label, text in {**SUSPECT_TEXTS, "too long": too_long}.items():
            if not any(accepts_text(kind, text) for kind in texts):
                yield label, text


def _alternatives(schema: Schema, root: Schema) -> Iterator[Schema]:
    schema = resolved(schema, root)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        for option in options:
            yield from _alternatives(option, root)
    else:
        yield schema


def _parent_schema(schema: Schema, root: Schema, path: tuple[str, ...]) -> Schema:
    here = resolved(schema, root)
    for name in path[:-1]:
        if name == "0":
            here = next(variant for _, variant in variants(here["items"], root))
        else:
            options = _alternatives(here["properties"][name], root)
            here = next(option for option in options if option.get("properties") or option.get("type") == "array")
    return here


def _case(name: str, body: Any, field: str | None) -> BodyCase:
    return BodyCase(name, json.dumps(body).encode(), field)  # ASCII escapes carry even a lone surrogate


def _with(body: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy of the body with another value at `path`; optional parents that the sample left out appear."""
    changed = deepcopy(body)
    here = changed
    for name in path[:-1]:
        here = here[0] if name == "0" else here[name]
    here[path[-1]] = value
    return changed


def _without(body: Any, path: tuple[str, ...]) -> Any:
    changed = deepcopy(body)
    here = changed
    for name in path[:-1]:
        here = here[0] if name == "0" else here[name]
    del here[path[-1]]
    return changed
