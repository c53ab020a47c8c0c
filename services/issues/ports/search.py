"""How the use cases keep the index of the search."""

from collections.abc import Sequence
from typing import Protocol

from services.issues.domain.postings import Document


class SearchIndex(Protocol):
    """The index of one community."""

    async def take_changed(self, limit: int) -> Sequence[Document]:
        """Issues that are new or changed since they were indexed; taken off the queue. Empty while somebody else indexes."""
        ...

    async def take_older(self, limit: int) -> Sequence[Document]:
        """Issues from before there was an index, the next bite of them; empty when all are done."""
        ...

    async def add(self, documents: Sequence[Document]) -> None:
        """Put issues into the index."""
        ...
