"""The tree of categories and its versions, on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.category import Category, in_tree_order
from services.issues.domain.words.issues import IssueKind, Tier
from services.issues.storage.master_data import PostgresMasterData
from services.issues.storage.tables.master_data import categories, category_versions
from shared.database.unit_of_work import UnitOfWork


class PostgresCategoryBook:
    """Satisfies `ports.CategoryBook`. What processes keep in memory is forgotten when the transaction ends."""

    def __init__(self, uow: UnitOfWork, kept: PostgresMasterData) -> None:
        self._uow = uow
        self._kept = kept

    async def tree(self) -> dict[str, Category]:
        """All by code."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"categories:{self._uow.community}", 0)))
        )
        found = await read_categories(await self._uow.connection(), self._uow.community)
        return {category.code: category for category in found}

    async def add(self, new: Sequence[Category], *, by: UUID, at: datetime) -> None:
        """Keep new ones."""
        rows = [{"community": self._uow.community, **_columns(category)} for category in new]
        await self._uow.execute(insert(categories), rows)
        await self._note(new, by, at)

    async def save(self, category: Category, *, before: Category, by: UUID, at: datetime) -> None:
        """Keep a changed one."""
        shipped = {"community": self._uow.community, "changed_by": None, "changed_at": None, **_columns(before)}
        await self._uow.execute(insert(category_versions).values(**shipped).on_conflict_do_nothing())
        await self._uow.execute(
            update(categories)
            .where(categories.c.community == self._uow.community, categories.c.code == category.code)
            .values(**_columns(category))
        )
        await self._note([category], by, at)

    async def _note(self, changed: Sequence[Category], by: UUID, at: datetime) -> None:
        beside = {"community": self._uow.community, "changed_by": by, "changed_at": at}
        await self._uow.execute(insert(category_versions), [{**beside, **_columns(category)} for category in changed])
        self._kept.changed = True


async def read_categories(connection: AsyncConnection, community: str) -> list[Category]:
    """All categories of a community, retired ones too, in the order in which people read them."""
    found = await connection.execute(select(categories).where(categories.c.community == community))
    return in_tree_order(category_of(row) for row in found.mappings())


def category_of(row: RowMapping) -> Category:
    """The category of a row."""
    return Category(
        code=row["code"],
        parent=row["parent"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=IssueKind(row["kind"]),
        tier=Tier(row["tier"]),
        responsible_kind=row["responsible_kind"],
        position=row["position"],
        retired=row["retired"],
        version=row["version"],
    )


def _columns(category: Category) -> dict[str, Any]:
    return {
        "code": category.code,
        "parent": category.parent,
        "name_zh": category.name_zh,
        "name_en": category.name_en,
        "kind": category.kind.value,
        "tier": category.tier.value,
        "responsible_kind": category.responsible_kind,
        "position": category.position,
        "retired": category.retired,
        "version": category.version,
    }
