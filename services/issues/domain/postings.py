"""The index of the search: for each block of 8,192 documents and each pair of characters, which documents of the block hold it.

Members of a block are kept as 16-bit offsets while they are few, else as a bitmap of 1,024 bytes: never more than a kilobyte.
For intersecting, both become one long whole number, in which bit n is the n-th document of the block.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.issues.domain.search_words import folded, grams_of

BLOCK_BITS = 13
BLOCK = 1 << BLOCK_BITS
BITMAP_BYTES = BLOCK // 8
_MOST_OFFSETS = BITMAP_BYTES // 2 - 1


@dataclass(frozen=True, slots=True)
class Document:
    """What is searched of one issue."""

    document: int
    texts: tuple[str, ...]


def postings_of(documents: Iterable[Document]) -> dict[int, dict[int, int]]:
    """Block -> pair of characters -> members."""
    blocks: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for document in documents:
        postings, bit = blocks[document.document >> BLOCK_BITS], 1 << (document.document & BLOCK - 1)
        for gram in set().union(*(grams_of(folded(text)) for text in document.texts)):
            postings[gram] |= bit
    return blocks


def packed(members: int) -> bytes:
    """The members of a block as they are stored."""
    if members.bit_count() > _MOST_OFFSETS:
        return members.to_bytes(BITMAP_BYTES, "little")
    return array("H", list(newest_first(members))).tobytes()


def unpacked(stored: bytes) -> int:
    """The members of a block from what is stored."""
    if len(stored) == BITMAP_BYTES:
        return int.from_bytes(stored, "little")
    bits = bytearray(BITMAP_BYTES)
    for offset in array("H", stored):
        bits[offset >> 3] |= 1 << (offset & 7)
    return int.from_bytes(bits, "little")


def newest_first(members: int) -> Iterator[int]:
    """The members of a block, greatest first."""
    while members:
        top = members.bit_length() - 1
        yield top
        members ^= 1 << top


def members_within(block: int, spans: Sequence[tuple[int, int]]) -> int:
    """Members of a block that lie in one of these spans of documents (first, last)."""
    members, begin = 0, block << BLOCK_BITS
    for first, last in spans:
        low, high = max(first - begin, 0), min(last - begin, BLOCK - 1)
        if low <= high:
            members |= (1 << high + 1) - (1 << low)
    return members


def blocks_of(documents: Iterable[int]) -> dict[int, int]:
    """Single documents as block -> members."""
    blocks: dict[int, int] = defaultdict(int)
    for document in documents:
        blocks[document >> BLOCK_BITS] |= 1 << (document & BLOCK - 1)
    return blocks
