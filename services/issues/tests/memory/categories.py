"""The tree of categories in memory."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.tests.memory.directory import MemoryDirectory


class MemoryCategoryBook:
    """Satisfies `ports.CategoryBook`: the directory's categories, and what changed."""

    def __init__(self, directory: MemoryDirectory) -> None:
        self.directory = directory
        self.changes: list[tuple[str, int]] = []

    async def tree(self) -> dict[str, Category]:
        """All by code."""
        return dict(self.directory.categories)

    async def add(self, categories: Sequence[Category], *, by: UUID, at: datetime) -> None:  # noqa: ARG002
        """Keep new ones."""
        for category in categories:
            self._keep(category)

    async def save(self, category: Category, *, before: Category, by: UUID, at: datetime) -> None:  # noqa: ARG002
        """Keep a changed one."""
        self._keep(category)

    def _keep(self, category: Category) -> None:
        self.directory.categories[category.code] = category
        self.changes.append((category.code, category.version))
