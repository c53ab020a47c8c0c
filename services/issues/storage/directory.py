"""What this service knows of a community's buildings, organisations and people: kept from the gateway's messages, read at every report.

Categories, buildings and the number code change rarely, so each process keeps those it has seen. What it has not seen it looks up,
so something new is never refused. Nothing is ever removed; what may change (the grid of a building, a category) is looked up again
after half a minute, so that a report costs no round trip and yet follows the office within seconds.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from services.issues.domain.category import Category
from services.issues.domain.errors.master_data import (
    CommunityNotReady,
    UnknownBuilding,
    UnknownCategory,
    UnknownCompound,
    UnknownGrid,
    UnknownOrganisation,
    UnknownParticipant,
)
from services.issues.ports.master_data import Building
from services.issues.storage.categories import read_categories
from services.issues.storage.tables.master_data import (
    buildings,
    community_profiles,
    compounds,
    grids,
    memberships,
    organisations,
)
from shared.database.engine import Database

FRESH_SECONDS = 30.0
"""How long a process goes by what it has seen of what may change."""


@dataclass(slots=True)
class KnownCommunity:
    """What a process has seen of a community."""

    code: str | None = None
    categories: dict[str, Category] = field(default_factory=dict)
    buildings: dict[UUID, Building] = field(default_factory=dict)
    seen_at: float = 0.0

    def forget(self) -> None:
        """Look again at everything that may have changed."""
        self.categories, self.buildings = {}, {}


class KnownCommunities:
    """One per process; shared by its units of work. `elapsed` is the machine's running clock, not the time of day."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._known: dict[str, KnownCommunity] = {}
        self._elapsed = elapsed

    def of(self, community: str) -> KnownCommunity:
        """What is known of a community, as far as it is fresh."""
        known = self._known.setdefault(community, KnownCommunity())
        now = self._elapsed()
        if now - known.seen_at > FRESH_SECONDS:
            known.forget()
            known.seen_at = now
        return known


class PostgresDirectory:
    """Satisfies `ports.Directory`. Lookups go beside the transaction: they must not begin it, and what they read never changes back."""

    def __init__(self, database: Database, community: str, known: KnownCommunity) -> None:
        self._database = database
        self._community = community
        self._known = known

    async def code(self) -> str:
        """The short code in the numbers, e.g. FCC. Raises CommunityNotReady before the community's facts have arrived."""
        if self._known.code is None:
            async with self._database.reading(self._community) as connection:
                found = await connection.execute(
                    select(community_profiles.c.code).where(community_profiles.c.community == self._community)
                )
                self._known.code = found.scalar()
        if self._known.code is None:
            raise CommunityNotReady(retry_after_seconds=1)
        return self._known.code

    def forget(self) -> None:
        """Look up again what may have changed."""
        self._known.forget()

    async def category(self, code: str) -> Category:
        """A category of this community."""
        if code not in self._known.categories:
            await self.code()
            async with self._database.reading(self._community) as connection:
                self._known.categories = {c.code: c for c in await read_categories(connection, self._community)}
        if code not in self._known.categories:
            raise UnknownCategory(fields={"category": ("没有这个分类", "no such category")})
        category = self._known.categories[code]
        if category.retired:
            raise UnknownCategory(fields={"category": ("这个分类已停用", "this category is retired")})
        return category

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding if the community has no such building."""
        await self.building(building_id)

    async def building(self, building_id: UUID) -> Building:
        """A building with its compound and its grid."""
        if building_id not in self._known.buildings:
            async with self._database.reading(self._community) as connection:
                found = await connection.execute(
                    select(buildings).where(buildings.c.community == self._community, buildings.c.id == building_id)
                )
                row = found.first()
            if row is None:
                raise UnknownBuilding(fields={"place.building_id": ("没有这栋楼", "no such building")})
            self._known.buildings[building_id] = Building(row.id, row.compound_id, row.grid_id, row.name)
        return self._known.buildings[building_id]

    async def check_compound(self, compound_id: UUID, field: str = "compound_id") -> None:
        """Raise UnknownCompound if the community has no such compound."""
        statement = select(compounds.c.id).where(
            compounds.c.community == self._community, compounds.c.id == compound_id
        )
        if not await self._found(statement):
            raise UnknownCompound(fields={field: ("没有这个小区", "no such compound")})

    async def check_grid(self, grid_id: UUID, field: str = "grid_id") -> None:
        """Raise UnknownGrid if the community has no such grid."""
        statement = select(grids.c.id).where(grids.c.community == self._community, grids.c.id == grid_id)
        if not await self._found(statement):
            raise UnknownGrid(fields={field: ("没有这个网格", "no such grid")})

    async def check_organisation(self, organisation_id: UUID, *, field: str = "responsible_organisation") -> None:
        """Raise UnknownOrganisation if the organisation takes no part in the community."""
        statement = select(organisations.c.id).where(
            organisations.c.community == self._community, organisations.c.id == organisation_id
        )
        if not await self._found(statement):
            raise UnknownOrganisation(fields={field: ("本社区没有这个单位", "no such organisation in this community")})

    async def check_units(self, organisation_ids: Sequence[UUID]) -> None:
        """Raise UnknownOrganisation if one of the units takes no part in the community."""
        statement = select(organisations.c.id).where(
            organisations.c.community == self._community, organisations.c.id.in_(organisation_ids)
        )
        known = set(await self._found(statement))
        wrong = {
            f"units[{index}]": ("本社区没有这个单位", "no such organisation in this community")
            for index, unit in enumerate(organisation_ids)
            if unit not in known
        }
        if wrong:
            raise UnknownOrganisation(fields=wrong)

    async def members_among(self, person_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of them who hold a role in the community."""
        statement = select(memberships.c.person_id).where(
            memberships.c.community == self._community,
            memberships.c.person_id.in_(person_ids),
            memberships.c.ended_at.is_(None),
        )
        return frozenset(await self._found(statement))

    async def check_members(self, person_ids: Sequence[UUID]) -> None:
        """Raise UnknownParticipant if one of them holds no role in the community."""
        statement = select(memberships.c.person_id).where(
            memberships.c.community == self._community,
            memberships.c.person_id.in_(person_ids),
            memberships.c.ended_at.is_(None),
        )
        known = set(await self._found(statement))
        wrong = {
            f"participants[{index}].person_id": ("不是本社区成员", "not a member of this community")
            for index, person in enumerate(person_ids)
            if person not in known
        }
        if wrong:
            raise UnknownParticipant(fields=wrong)

    async def _found(self, statement: Select[UUID]) -> Sequence[UUID]:
        async with self._database.reading(self._community) as connection:
            return (await connection.execute(statement)).scalars().all()
