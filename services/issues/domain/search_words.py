"""What is searched, and for what: texts folded to letters and digits, the words of a question, and where they stand in a text.

Folding works character by character (width, case and accents go, punctuation and emoji vanish), so the folded text of two
pieces is the two folded pieces, and every place in it leads back to a place in the text that people read.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.issues.domain.errors.search import SearchTooLong, SearchTooShort

FEWEST_CHARACTERS = 2
MOST_WORDS = 8
MOST_CHARACTERS = 100
AROUND = 24
"""Characters that an excerpt shows before the first hit and behind the last."""
LONGEST_EXCERPT = 120
_REMEMBERED = 60_000


class _Folding(dict[int, str]):
    """Code point -> what is kept of it. Fills itself; made for `str.translate`."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        kept = "".join(character for character in plain if character.isalnum())
        if len(self) < _REMEMBERED:
            self[code] = kept
        return kept


_FOLDING = _Folding()


def folded(text: str) -> str:
    """Letters and digits only, in one width and one case: `１２号楼，E-bike` becomes `12号楼ebike`."""
    return text.translate(_FOLDING)


def words_of(asked: str) -> tuple[str, ...]:
    """The folded words of a question; an issue must hold all of them. Raises SearchTooShort or SearchTooLong."""
    if len(asked) > MOST_CHARACTERS:
        raise SearchTooLong
    words = tuple(dict.fromkeys(word for part in asked.split() if (word := folded(part))))
    if not any(len(word) >= FEWEST_CHARACTERS for word in words):
        raise SearchTooShort
    if len(words) > MOST_WORDS:
        raise SearchTooLong
    return words


def grams_of(text: str) -> set[int]:
    """Every pair of neighbouring characters of a folded text, each as one number."""
    return {ord(first) << 21 | ord(second) for first, second in pairwise(text)}


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    hit: bool


def excerpt(text: str, words: Sequence[str]) -> list[Fragment]:
    """The part of a text around its first hits, cut into fragments; empty if no word stands in it."""
    hits = _merged(sorted(_hits(text, words)))
    if not hits:
        return []
    begin = max(0, hits[0][0] - AROUND)
    shown = [(start, end) for start, end in hits if end <= begin + LONGEST_EXCERPT] or hits[:1]
    finish = min(len(text), shown[-1][1] + AROUND)
    fragments = [Fragment("…", False)] if begin else []
    at = begin
    for start, end in shown:
        if at < start:
            fragments.append(Fragment(text[at:start], False))
        fragments.append(Fragment(text[start:end], True))
        at = end
    rest = text[at:finish] + ("…" if finish < len(text) else "")
    return [*fragments, Fragment(rest, False)] if rest else fragments


def _hits(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where words stand in the text as people read it: from, to."""
    pieces = [folded(character) for character in text]
    place_of = [place for place, piece in enumerate(pieces) for _ in piece]
    whole = "".join(pieces)
    for word in words:
        found = whole.find(word)
        while found >= 0:
            yield place_of[found], place_of[found + len(word) - 1] + 1
            found = whole.find(word, found + len(word))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
