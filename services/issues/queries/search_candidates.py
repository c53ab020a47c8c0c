"""Which documents may hold the words: blocks of the index intersected, the newest first, with what waits for the index added.

What comes out is a superset in order; `queries/search.py` looks at the issues themselves.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.number import parts_of_number
from services.issues.domain.postings import BLOCK_BITS, blocks_of, members_within, newest_first, unpacked
from services.issues.domain.search_numbers import Numbering, document_of
from services.issues.domain.search_words import grams_of
from shared.database.engine import driver_of

MOST_WAITING = 1_000
"""More unindexed issues than these are not looked at one by one: the answer then says that it is not complete."""
MOST_GRAMS = 12
"""Pairs of characters that are looked up for one word; the issue itself decides about the rest."""
FIRST_BLOCKS, MORE_BLOCKS = 4, 64
CODE = "SELECT code FROM community_profiles WHERE community = $1"
NUMBERS = "SELECT year, last FROM issue_numbers WHERE community = $1"
WAITING = """
SELECT DISTINCT number FROM (SELECT issue_id FROM search_queue WHERE community = $1 ORDER BY id DESC LIMIT $2) AS queued
JOIN issues ON issues.community = $1 AND issues.id = queued.issue_id
"""
QUEUED = "SELECT count(*) FROM (SELECT FROM search_queue WHERE community = $1 LIMIT $2) AS queued"
UNDONE = "SELECT EXISTS (SELECT FROM search_backfill WHERE community = $1)"
POSTINGS = """
SELECT block, gram, members FROM search_postings WHERE community = $1 AND block = ANY($2) AND gram = ANY($3)
"""


@dataclass(frozen=True, slots=True)
class State:
    """What is known before the index is read."""

    numbering: Numbering
    waiting: frozenset[int]
    complete: bool


async def state_of_index(connection: AsyncConnection, community: str) -> State:
    """Read before the postings: what leaves the queue meanwhile is in the postings then."""
    driver = driver_of(connection)
    waiting = [row["number"] for row in await driver.fetch(WAITING, community, MOST_WAITING)]
    many = await driver.fetchval(QUEUED, community, MOST_WAITING + 1) > MOST_WAITING
    undone = await driver.fetchval(UNDONE, community)
    code = await driver.fetchval(CODE, community)
    last = {row["year"]: row["last"] for row in await driver.fetch(NUMBERS, community)}
    documents = frozenset(document_of(*parts_of_number(number)) for number in waiting)
    return State(Numbering(code or "", last), documents, not (many or undone))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `extra`: documents that fit a word for another reason; `only`: the few that may be shown at all."""

    words: Sequence[str]
    below: int | None = None
    extra: Mapping[str, frozenset[int]] | None = None
    only: frozenset[int] | None = None


async def candidates(
    connection: AsyncConnection, community: str, state: State, wanted: Wanted
) -> AsyncIterator[Sequence[int]]:
    """Documents, newest first, a window of blocks at a time."""
    only = blocks_of(wanted.only) if wanted.only is not None else None
    waiting = blocks_of(state.waiting)
    below = wanted.below
    blocks = [
        block
        for block in _blocks(state.numbering)
        if (only is None or block in only) and (below is None or block <= below - 1 >> BLOCK_BITS)
    ]
    search = _WordSearch(connection, community, state.numbering, wanted)
    begin, size = 0, FIRST_BLOCKS
    while begin < len(blocks):
        window = blocks[begin : begin + size]
        begin, size = begin + size, MORE_BLOCKS
        fitting = await search.within(window)
        for block in window:
            members = fitting.get(block, 0) | waiting.get(block, 0)
            if only is not None:
                members &= only[block]
            if below is not None and block == below >> BLOCK_BITS:
                members &= members_within(block, [(0, below - 1)])
            if members:
                first = block << BLOCK_BITS
                yield [first + offset for offset in newest_first(members)]


def _blocks(numbering: Numbering) -> list[int]:
    """All blocks, newest first."""
    return [
        block for first, last in numbering.spans() for block in range(last >> BLOCK_BITS, (first >> BLOCK_BITS) - 1, -1)
    ]


class _WordSearch:
    """The members of blocks that fit every word."""

    def __init__(self, connection: AsyncConnection, community: str, numbering: Numbering, wanted: Wanted) -> None:
        self._driver = driver_of(connection)
        self._community = community
        self._grams = {word: _chosen(word) for word in wanted.words}
        self._spans = {
            word: [*numbering.meant_by(word), *((one, one) for one in (wanted.extra or {}).get(word, ()))]
            for word in wanted.words
        }
        self._all = sorted({gram for grams in self._grams.values() for gram in grams})

    async def within(self, blocks: Sequence[int]) -> dict[int, int]:
        """Block -> members, for these blocks."""
        rows = await self._driver.fetch(POSTINGS, self._community, list(blocks), self._all)
        stored = {(row["block"], row["gram"]): row["members"] for row in rows}
        return {block: members for block in blocks if (members := self._fitting(block, stored))}

    def _fitting(self, block: int, stored: Mapping[tuple[int, int], bytes]) -> int:
        members = -1
        for word, grams in self._grams.items():
            if not grams:
                continue  # a single character: the issue itself decides
            members &= self._with_grams(block, grams, stored) | members_within(block, self._spans[word])
            if not members:
                return 0
        return members

    @staticmethod
    def _with_grams(block: int, grams: Sequence[int], stored: Mapping[tuple[int, int], bytes]) -> int:
        if any((block, gram) not in stored for gram in grams):
            return 0
        members = -1
        for gram in sorted(grams, key=lambda gram: len(stored[block, gram])):  # the rarest first
            members &= unpacked(stored[block, gram])
            if not members:
                return 0
        return members


def _chosen(word: str) -> list[int]:
    """Some of the pairs of a long word, spread evenly over it."""
    pairs = [grams_of(word[place : place + 2]).pop() for place in range(len(word) - 1)]
    step = max(1, len(pairs) / MOST_GRAMS)
    return list(dict.fromkeys(pairs[int(n * step)] for n in range(min(len(pairs), MOST_GRAMS))))
