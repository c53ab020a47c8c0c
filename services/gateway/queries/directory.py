"""Subdistricts, communities and their figures."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.domain.community import Community, Profile, Subdistrict
from services.gateway.domain.errors import CommunityNotFound
from services.gateway.storage import tables
from services.gateway.storage.mapping import community_of, profile_of, subdistrict_of
from shared.database.keyset import Keyset

COMMUNITIES = Keyset((tables.communities.c.slug,))
PROFILES = Keyset((tables.community_profiles.c.as_of,), descending=True)
"""Newest first; there is one profile per date."""
ABOVE = "above_"
"""Prefix of the subdistrict's columns in a row of the directory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A community of the directory and the subdistrict above it."""

    community: Community
    subdistrict: Subdistrict


def _entries() -> Select[Any]:
    here, above = tables.communities, tables.subdistricts
    of_above = [column.label(ABOVE + column.name) for column in above.c]
    return select(here, *of_above).join(above, above.c.id == here.c.subdistrict_id)


async def all_communities(
    connection: AsyncConnection, *, limit: int, cursor: str | None
) -> tuple[list[Entry], str | None]:
    """A page of the directory, by slug."""
    found = await connection.execute(COMMUNITIES.page(_entries(), limit=limit, cursor=cursor))
    rows, following = COMMUNITIES.cut(found.all(), limit=limit)
    return [_entry(row) for row in rows], following


async def one_community(connection: AsyncConnection, slug: str) -> Entry:
    """A community of the directory, or CommunityNotFound."""
    found = (await connection.execute(_entries().where(tables.communities.c.slug == slug))).first()
    if found is None:
        raise CommunityNotFound()
    return _entry(found)


async def all_subdistricts(connection: AsyncConnection) -> list[Subdistrict]:
    """Every subdistrict, by slug; there are few."""
    found = await connection.execute(select(tables.subdistricts).order_by(tables.subdistricts.c.slug).limit(1000))
    return [subdistrict_of(row) for row in found.mappings()]


async def profiles_of(
    connection: AsyncConnection, community: str, *, limit: int, cursor: str | None
) -> tuple[list[Profile], str | None]:
    """A page of the history of figures, newest first."""
    wanted = select(tables.community_profiles).where(tables.community_profiles.c.community == community)
    found = await connection.execute(PROFILES.page(wanted, limit=limit, cursor=cursor))
    rows, following = PROFILES.cut(found.all(), limit=limit)
    return [profile_of(row._mapping) for row in rows], following


async def profile_on(connection: AsyncConnection, community: str, day: date) -> Profile | None:
    """The figures that were valid on a day."""
    columns = tables.community_profiles.c
    found = await connection.execute(
        select(tables.community_profiles)
        .where(columns.community == community, columns.as_of <= day)
        .order_by(columns.as_of.desc())
        .limit(1)
    )
    row = found.first()
    return None if row is None else profile_of(row._mapping)


def _entry(row: Row[Any]) -> Entry:
    values = row._mapping
    here = {name: value for name, value in values.items() if not name.startswith(ABOVE)}
    above = {name.removeprefix(ABOVE): value for name, value in values.items() if name.startswith(ABOVE)}
    return Entry(community_of(here), subdistrict_of(above))
