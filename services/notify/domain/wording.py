"""Fill the fields of a message into a template, in the words of residents: local time, labels instead of codes, names of units.

A field is written `{number}`; `{due_at:moment}` is a local date and time, `{responsible_organisation:organisation}` the public
name of a unit, `{community:name}` the name of the community, and `{category:category}` the label of a code in that group of labels.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Literal
from uuid import UUID

from shared.clock import CHINA

Language = Literal["zh", "en"]
Labels = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Group -> code -> language -> label."""

MOMENT = "moment"
ORGANISATION = "organisation"
NAME = "name"
UNKNOWN: Mapping[Language, str] = {"zh": "未定", "en": "not set"}
SOMEBODY: Mapping[Language, str] = {"zh": "有关单位", "en": "the unit concerned"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is needed beside the message to put it into words."""

    labels: Labels
    community: str
    community_name: str
    organisations: Mapping[UUID, str] = field(default_factory=dict)


def placeholders(template: str) -> Iterator[tuple[str, str]]:
    """(field, format) of every placeholder. Raises ValueError for braces that do not match or a bare `{}`."""
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise ValueError(f"a placeholder must be a plain field name, not {name!r}")
        yield name, form or ""


def put_into_words(template: str, fields: Mapping[str, object], vocabulary: Vocabulary, language: Language) -> str:
    """The text for a person. A field that the message lacks is a mistake in the template and raises KeyError."""
    words = []
    for literal, name, form, _ in Formatter().parse(template):
        words.append(literal)
        if name is not None:
            value = None if form == NAME else fields[name]
            words.append(_in_words(value, form or "", vocabulary, language))
    return "".join(words)


def _in_words(value: object, form: str, vocabulary: Vocabulary, language: Language) -> str:
    if form == NAME:
        return vocabulary.community_name
    if value is None:
        return UNKNOWN[language]
    if form == MOMENT:
        if not isinstance(value, datetime):
            raise TypeError(f"{value!r} is no time")
        return _moment(value, language)
    if form == ORGANISATION:
        return (
            vocabulary.organisations.get(value, SOMEBODY[language]) if isinstance(value, UUID) else SOMEBODY[language]
        )
    if form:
        return vocabulary.labels[form].get(str(value), {}).get(language, str(value))
    return str(value)


def _moment(value: datetime, language: Language) -> str:
    local = value.astimezone(CHINA)
    if language == "zh":
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"
