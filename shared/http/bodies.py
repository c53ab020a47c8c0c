"""Strict request bodies: unknown fields, wrong types, oversized texts and control characters are refused by the model itself.

Bodies are validated once, straight from their bytes, in pydantic's strict JSON mode: "5" is no number and 1 is no truth value.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from shared.http.context import header
from shared.http.refusals import MalformedRequest, UnsupportedMediaType
from shared.http.validation import BodyIsInvalid

DEEPEST = 32
LONGEST_TEXT = 4_000
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]*$"
SEVERAL_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_LINE, strip_whitespace=True)]
"""A name or a title: one line, 1 to 80 characters, no control characters."""
LineText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE, strip_whitespace=True)]
"""One line of 1 to 200 characters."""
LongText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, pattern=SEVERAL_LINES, strip_whitespace=True)
]
"""1 to 4000 characters, line breaks and tabs allowed."""
WholeNumber = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
"""An integer that every column can hold."""

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _reasonable(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise PydanticCustomError("moment_out_of_range", "must lie between the years 1900 and 2200")
    return moment.astimezone(UTC)


def _reasonable_day(day: date) -> date:
    if not EARLIEST.date() <= day < LATEST.date():
        raise PydanticCustomError("moment_out_of_range", "must lie between the years 1900 and 2200")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_reasonable)]
"""A moment with its time zone, RFC 3339; arrives in the code as UTC."""
Day = Annotated[date, AfterValidator(_reasonable_day)]
"""A calendar day."""


class StrictBody(BaseModel):
    """Base of all request bodies."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        str_strip_whitespace=True,
        str_max_length=LONGEST_TEXT,
        allow_inf_nan=False,
    )


async def read_json(request: Request) -> bytes:
    """The bytes of a JSON body; refuses another content type (415) and nesting deeper than 32 (400)."""
    content = await request.body()
    kind = header(request.scope, b"content-type")
    if kind is None or kind.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType
    if content.count(b"{") + content.count(b"[") > DEEPEST and too_deep(content):
        raise MalformedRequest("JSON 嵌套层数过多", f"JSON is nested deeper than {DEEPEST}")
    return content


_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


def too_deep(content: bytes) -> bool:
    """Whether brackets outside of strings nest deeper than the limit."""
    depth = 0
    for found in _STRUCTURE.finditer(content):
        token = found.group()
        if token in (b"{", b"["):
            depth += 1
            if depth > DEEPEST:
                return True
        elif token in (b"}", b"]"):
            depth -= 1
    return False


_SUSPICIOUS = re.compile(rb"\\[ubf]|\x7f|\xc2[\x80-\x9f]|[0-9]{16}")
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LARGEST = 2**53 - 1
"""Beyond it a number is not the same in every program that reads JSON."""
_TOLD = 20
"""Findings in one answer."""


def refuse_unsafe_values(content: bytes) -> None:
    """Refuse control characters, lone surrogates and enormous numbers anywhere in the body, also where the model says only `str`.

    Costs one scan of the bytes when there is nothing suspicious. Broken JSON is left to the parser of the model.
    """
    if _SUSPICIOUS.search(content) is None:
        return
    try:
        document = json.loads(content)
    except ValueError:
        return
    findings = list(islice(_unsafe(document, ()), _TOLD))
    if findings:
        raise BodyIsInvalid(findings)


def _unsafe(value: Any, path: tuple[str | int, ...]) -> Iterator[dict[str, Any]]:
    if isinstance(value, str):
        if _UNSAFE.search(value):
            yield {"type": "control_characters", "loc": path}
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            yield {"type": "int_parsing_size", "loc": path}
    elif isinstance(value, dict):
        for key, item in value.items():
            if _UNSAFE.search(key):
                yield {"type": "control_characters", "loc": (*path, key)}
            yield from _unsafe(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unsafe(item, (*path, index))
