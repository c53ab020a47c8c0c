"""A store for things that are one row each: the same add, get, save and check of references for all of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.exc import IntegrityError

from services.gateway.storage.mapping import own_values
from shared.database.failures import violated_constraint
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.errors import AppError, NotFound
from shared.expected_version import check_version


class Thing(Protocol):
    """Something with an id and a version."""

    id: UUID
    version: int


T = TypeVar("T", bound=Thing)
Refusals = Mapping[str, Callable[[], AppError]]
"""Name of a constraint -> the refusal that breaking it means."""


def row_of(thing: Any) -> dict[str, Any]:
    """A flat dataclass as column values."""
    row = {field.name: getattr(thing, field.name) for field in fields(thing)}
    for name, value in row.items():
        if isinstance(value, Enum):
            row[name] = value.value
        elif isinstance(value, tuple):
            row[name] = list(value)
        elif isinstance(value, Mapping):
            row[name] = dict(value)
    return row


async def insert_rows(uow: UnitOfWork, table: Table, rows: list[dict[str, Any]], refusals: Refusals) -> None:
    """Insert rows, and say a broken constraint in words of the business."""
    if not rows:
        return
    try:
        await uow.execute(insert(table), rows)
    except IntegrityError as error:
        refusal = refusals.get(violated_constraint(error) or "")
        if refusal is None:
            raise
        raise refusal() from error


class RowStore(Generic[T]):
    """Things of one kind in the community of the transaction, one row each."""

    def __init__(
        self, uow: UnitOfWork, table: Table, build: Callable[[Mapping[str, Any]], T], refusals: Refusals
    ) -> None:
        self.uow = uow
        self.table = table
        self._build = build
        self._refusals = refusals

    async def add(self, *things: T) -> None:
        """Keep new things."""
        rows = [{"community": self.uow.community, **row_of(thing)} for thing in things]
        await insert_rows(self.uow, self.table, rows, self._refusals)

    async def get(self, thing_id: UUID, expected_version: int | None = None) -> T:
        """The thing; locked until the transaction ends, so that two changes cannot overtake each other."""
        found = await self.uow.execute(
            select(self.table)
            .where(self.table.c.community == self.uow.community, self.table.c.id == thing_id)
            .with_for_update()
        )
        row = found.mappings().first()
        if row is None:
            raise NotFound()
        check_version(row["version"], expected_version)
        return self._build(own_values(row))

    async def save(self, thing: T) -> None:
        """Write a changed thing back as its next version."""
        values = row_of(thing)
        thing.version = await save_versioned(
            self.uow,
            self.table,
            thing.id,
            version=thing.version,
            values={k: v for k, v in values.items() if k not in {"id", "version"}},
        )

    async def unknown(self, ids: Collection[UUID]) -> set[UUID]:
        """Those of the ids that name nothing here."""
        if not ids:
            return set()
        found = await self.uow.execute(
            select(self.table.c.id).where(self.table.c.community == self.uow.community, self.table.c.id.in_(ids))
        )
        return set(ids) - set(found.scalars())
