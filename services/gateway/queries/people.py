"""Memberships of a community. Names are not here: they belong to the identity role."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.domain.membership import Membership
from services.gateway.storage import tables
from services.gateway.storage.mapping import membership_of, own_values
from shared.database.keyset import Keyset
from shared.errors import NotFound
from shared.principal import Role

ORDER = Keyset((tables.memberships.c.id,))


async def memberships(
    connection: AsyncConnection,
    community: str,
    *,
    limit: int,
    cursor: str | None,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
    role: Role | None = None,
    active: bool = True,
) -> tuple[list[Membership], str | None]:
    """A page of memberships, oldest first; those that ended only when `active` is False."""
    columns = tables.memberships.c
    wanted = select(tables.memberships).where(columns.community == community)
    if person_id is not None:
        wanted = wanted.where(columns.person_id == person_id)
    if organisation_id is not None:
        wanted = wanted.where(columns.organisation_id == organisation_id)
    if role is not None:
        wanted = wanted.where(columns.role == role.value)
    wanted = wanted.where(columns.ended_at.is_(None) if active else columns.ended_at.is_not(None))
    found = await connection.execute(ORDER.page(wanted, limit=limit, cursor=cursor))
    rows, following = ORDER.cut(found.all(), limit=limit)
    return [membership_of(own_values(row._mapping)) for row in rows], following


async def membership(connection: AsyncConnection, community: str, membership_id: UUID) -> Membership:
    """One membership, or NotFound."""
    columns = tables.memberships.c
    found = await connection.execute(
        select(tables.memberships).where(columns.community == community, columns.id == membership_id)
    )
    row = found.first()
    if row is None:
        raise NotFound()
    return membership_of(own_values(row._mapping))


async def roles_in(connection: AsyncConnection, community: str, person_id: UUID) -> list[Membership]:
    """Active memberships of a person here; NotFound when the person never had one."""
    columns = tables.memberships.c
    found = await connection.execute(
        select(tables.memberships)
        .where(columns.community == community, columns.person_id == person_id)
        .order_by(columns.id)
        .limit(200)
    )
    known: Sequence[Row[Any]] = found.all()
    if not known:
        raise NotFound()
    return [membership_of(own_values(row._mapping)) for row in known if row.ended_at is None]
