"""The index of the search in PostgreSQL: plain tables with b-trees, so that row-level security costs no index."""

import asyncio
from collections.abc import Sequence
from typing import Any

from services.issues.domain.number import parts_of_number
from services.issues.domain.postings import Document, packed, postings_of, unpacked
from services.issues.domain.search_numbers import document_of
from shared.database.unit_of_work import UnitOfWork

ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('search:' || $1, 0))"
"""Indexing reads what is there and writes it back, so one at a time does it for a community."""
TAKE = """
WITH taken AS (
    DELETE FROM search_queue WHERE community = $1 AND id IN (
        SELECT id FROM search_queue WHERE community = $1 ORDER BY id LIMIT $2)
    RETURNING issue_id
)
SELECT DISTINCT issue_id FROM taken
"""
TEXTS = """
SELECT id, number, title, text, place_text, public_reply FROM issues WHERE community = $1 AND id = ANY($2)
"""
BACKFILL = "SELECT indexed_to FROM search_backfill WHERE community = $1"
OLDER = """
SELECT id, number, title, text, place_text, public_reply FROM issues
WHERE community = $1 AND id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY id LIMIT $3
"""
WALKED = "UPDATE search_backfill SET indexed_to = $2 WHERE community = $1"
ALL_WALKED = "DELETE FROM search_backfill WHERE community = $1"
KNOWN = "SELECT gram, members FROM search_postings WHERE community = $1 AND block = $2 AND gram = ANY($3)"
KEEP = """
INSERT INTO search_postings (community, block, gram, members)
SELECT $1, $2, gram, members FROM unnest($3::bigint[], $4::bytea[]) AS new (gram, members)
ON CONFLICT (community, block, gram) DO UPDATE SET members = excluded.members
"""


class PostgresSearchIndex:
    """Satisfies `ports.SearchIndex`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def take_changed(self, limit: int) -> Sequence[Document]:
        """Take issues off the queue first and read them then: a change that comes in between is queued again and not lost."""
        driver = await self._uow.driver()
        community = self._uow.community
        if not await driver.fetchval(ALONE, community):
            return ()
        taken = [row["issue_id"] for row in await driver.fetch(TAKE, community, limit)]
        return _documents(await driver.fetch(TEXTS, community, taken)) if taken else ()

    async def take_older(self, limit: int) -> Sequence[Document]:
        """The next bite of the issues that were there before the index."""
        driver = await self._uow.driver()
        community = self._uow.community
        if not await driver.fetchval(ALONE, community):
            return ()
        place = await driver.fetchrow(BACKFILL, community)
        if place is None:
            return ()
        rows = await driver.fetch(OLDER, community, place["indexed_to"], limit)
        if len(rows) < limit:
            await driver.execute(ALL_WALKED, community)
        else:
            await driver.execute(WALKED, community, rows[-1]["id"])
        return _documents(rows)

    async def add(self, documents: Sequence[Document]) -> None:
        """Merge into the blocks. The counting goes to a thread: requests are answered meanwhile."""
        driver = await self._uow.driver()
        community = self._uow.community
        for block, postings in (await asyncio.to_thread(postings_of, documents)).items():
            known = await driver.fetch(KNOWN, community, block, list(postings))
            grams, members = await asyncio.to_thread(_merged, postings, known)
            await driver.execute(KEEP, community, block, grams, members)


def _documents(rows: Sequence[Any]) -> list[Document]:
    return [
        Document(
            document_of(*parts_of_number(row["number"])),
            (row["title"], row["text"], row["place_text"] or "", row["public_reply"] or ""),
        )
        for row in rows
    ]


def _merged(postings: dict[int, int], known: Sequence[Any]) -> tuple[list[int], list[bytes]]:
    """Pairs of characters and their members with what is stored already; what does not change is left out."""
    for row in known:
        stored = unpacked(row["members"])
        merged = postings[row["gram"]] | stored
        if merged == stored:
            del postings[row["gram"]]
        else:
            postings[row["gram"]] = merged
    grams = sorted(postings)
    return grams, [packed(postings[gram]) for gram in grams]
