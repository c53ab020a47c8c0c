"""Optimistic locking: a row is saved only as the version it was read as."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, select, update

from shared.database.unit_of_work import UnitOfWork
from shared.errors import ConcurrentChange, NotFound


async def save_versioned(
    uow: UnitOfWork,
    table: Table,
    row_id: UUID,
    *,
    version: int,
    values: Mapping[str, Any],
    missing: type[NotFound] = NotFound,
) -> int:
    """Write `values` into the row if it still has `version`; returns the new version, which is one higher.

    Raises ConcurrentChange (409) when somebody else was faster, `missing` when the row is gone.
    """
    statement = (
        update(table)
        .where(
            _same(table.c.community, "of_community"), _same(table.c.id, "of_id"), _same(table.c.version, "of_version")
        )
        .values({**values, "version": version + 1})
    )
    found = await uow.execute(statement, {"of_community": uow.community, "of_id": row_id, "of_version": version})
    if found.rowcount == 1:
        return version + 1
    exists = await uow.execute(
        select(table.c.version).where(_same(table.c.community, "of_community"), _same(table.c.id, "of_id")),
        {"of_community": uow.community, "of_id": row_id},
    )
    if exists.first() is None:
        raise missing
    raise ConcurrentChange


def _same(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == bindparam(name, type_=column.type)
