"""How the use cases change the tree of categories."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.category import Category


class CategoryBook(Protocol):
    """The categories of one community with all their versions."""

    async def tree(self) -> dict[str, Category]:
        """All of them by code, retired ones too. Others who change the tree wait until this transaction ends."""
        ...

    async def add(self, categories: Sequence[Category], *, by: UUID, at: datetime) -> None:
        """Keep new ones, parents before children, each with its first version."""
        ...

    async def save(self, category: Category, *, before: Category, by: UUID, at: datetime) -> None:
        """Keep a changed one and its new version; also the shipped one before it, if this is the first change."""
        ...
