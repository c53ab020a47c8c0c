"""Organisations, compounds, grids, buildings, households and API keys of a community, and the gaps between places."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.storage import mapping, tables
from services.gateway.storage.mapping import own_values
from shared.database.keyset import Keyset
from shared.errors import NotFound

T = TypeVar("T")
GAPS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of thing that can be listed: its table, and how a row becomes one."""

    table: Table
    build: Callable[[mapping.Values], T]


ORGANISATIONS = Kind(tables.organisations, mapping.organisation_of)
COMPOUNDS = Kind(tables.compounds, mapping.compound_of)
GRIDS = Kind(tables.grids, mapping.grid_of)
BUILDINGS = Kind(tables.buildings, mapping.building_of)
HOUSEHOLDS = Kind(tables.households, mapping.household_of)
API_KEYS = Kind(tables.api_keys, mapping.api_key_of)


async def page_of(
    connection: AsyncConnection,
    kind: Kind[T],
    community: str,
    *,
    limit: int,
    cursor: str | None,
    equal: Mapping[str, Any] | None = None,
    holds: tuple[str, UUID] | None = None,
) -> tuple[list[T], str | None]:
    """A page of things of one kind, oldest first, where columns equal the given values (None: any) and an array column
    holds an id."""
    table = kind.table
    order = Keyset((table.c.id,))
    wanted = select(table).where(table.c.community == community)
    for name, value in (equal or {}).items():
        if value is not None:
            wanted = wanted.where(table.c[name] == value)
    if holds is not None:
        wanted = wanted.where(table.c[holds[0]].contains([holds[1]]))
    found = await connection.execute(order.page(wanted, limit=limit, cursor=cursor))
    rows, following = order.cut(found.all(), limit=limit)
    return [kind.build(own_values(row._mapping)) for row in rows], following


async def one_of(connection: AsyncConnection, kind: Kind[T], community: str, thing_id: UUID) -> T:
    """A thing by id, or NotFound."""
    table = kind.table
    found = await connection.execute(select(table).where(table.c.community == community, table.c.id == thing_id))
    row = found.mappings().first()
    if row is None:
        raise NotFound()
    return kind.build(own_values(row))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How completely a community is mapped. Lists hold (id, name), at most 200 each."""

    grids: int
    buildings: int
    households: int
    grids_without_worker: list[tuple[UUID, str]]
    grids_without_building: list[tuple[UUID, str]]
    compounds_without_building: list[tuple[UUID, str]]
    buildings_without_household: list[tuple[UUID, str]]


async def coverage_of(connection: AsyncConnection, community: str) -> Coverage:
    """Count what there is and name the gaps."""
    grids, compounds, buildings = tables.grids, tables.compounds, tables.buildings

    async def count(table: Table) -> int:
        counted = select(func.count()).select_from(table).where(table.c.community == community)
        return int((await connection.execute(counted)).scalar_one())

    async def gaps(table: Table, lacking: Any) -> list[tuple[UUID, str]]:
        found = await connection.execute(
            select(table.c.id, table.c.name)
            .where(table.c.community == community, lacking)
            .order_by(table.c.id)
            .limit(GAPS_SHOWN)
        )
        return [(row.id, row.name) for row in found]

    def without(child: Table, column: str, parent: Table) -> Any:
        return ~exists().where(child.c.community == parent.c.community, child.c[column] == parent.c.id)

    return Coverage(
        grids=await count(grids),
        buildings=await count(buildings),
        households=await count(tables.households),
        grids_without_worker=await gaps(grids, grids.c.worker_id.is_(None)),
        grids_without_building=await gaps(grids, without(buildings, "grid_id", grids)),
        compounds_without_building=await gaps(compounds, without(buildings, "compound_id", compounds)),
        buildings_without_household=await gaps(buildings, without(tables.households, "building_id", buildings)),
    )
