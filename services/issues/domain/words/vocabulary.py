"""Codes that people read: each member of a vocabulary carries its Chinese and its English name."""

from enum import StrEnum
from typing import NamedTuple, Self


class Words(NamedTuple):
    """How people read a code or a reason."""

    zh: str
    en: str


class Vocabulary(StrEnum):
    """A closed set of codes. A member is written as `NAME = "code", "中文", "English"` and equals its code."""

    words: Words

    def __new__(cls, code: str, zh: str = "", en: str = "") -> Self:
        """A member with its names; looking one up takes the code alone."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words = Words(zh, en)
        return member


def words(code: Vocabulary) -> Words:
    """How people read a code."""
    return code.words
