"""The index of the search in memory: what was put into it, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.issues.domain.postings import Document


@dataclass
class MemorySearchIndex:
    """Satisfies `ports.SearchIndex`."""

    changed: list[Document] = field(default_factory=list)
    older: list[Document] = field(default_factory=list)
    indexed: list[Document] = field(default_factory=list)

    async def take_changed(self, limit: int) -> Sequence[Document]:
        """The next of the queue."""
        taken, self.changed = self.changed[:limit], self.changed[limit:]
        return taken

    async def take_older(self, limit: int) -> Sequence[Document]:
        """The next of the older ones."""
        taken, self.older = self.older[:limit], self.older[limit:]
        return taken

    async def add(self, documents: Sequence[Document]) -> None:
        """Keep them."""
        self.indexed += documents
