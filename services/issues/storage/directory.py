"""What this service knows of a community's buildings, organisations and people: kept from the gateway's messages, read at every report.

Categories, buildings and the number code change rarely, so each process keeps those it has seen. What it has not seen it looks up,
so something new is never refused; what it has seen stays true, because these things are never removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.category import Category
from services.issues.domain.errors.master_data import (
    CommunityNotReady,
    UnknownBuilding,
    UnknownCategory,
    UnknownCompound,
    UnknownOrganisation,
    UnknownParticipant,
)
from services.issues.domain.words.issues import IssueKind, Tier
from services.issues.ports.master_data import Building, CommunityProfile, Membership, Organisation
from services.issues.storage.tables.master_data import (
    buildings,
    categories,
    community_profiles,
    compounds,
    grids,
    memberships,
    organisations,
)
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork


@dataclass(slots=True)
class KnownCommunity:
    """What a process has seen of a community."""

    code: str | None = None
    categories: dict[str, Category] = field(default_factory=dict)
    buildings: set[UUID] = field(default_factory=set)


class KnownCommunities:
    """One per process; shared by its units of work."""

    def __init__(self) -> None:
        self._known: dict[str, KnownCommunity] = {}

    def of(self, community: str) -> KnownCommunity:
        """What is known of a community so far."""
        return self._known.setdefault(community, KnownCommunity())


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

    async def category(self, code: str) -> Category:
        """A category of this community."""
        if code not in self._known.categories:
            await self.code()
            async with self._database.reading(self._community) as connection:
                self._known.categories = {c.code: c for c in await read_categories(connection, self._community)}
        if code not in self._known.categories:
            raise UnknownCategory(fields={"category": ("没有这个分类", "no such category")})
        return self._known.categories[code]

    async def check_building(self, building_id: UUID) -> None:
        """Raise UnknownBuilding if the community has no such building."""
        if building_id in self._known.buildings:
            return
        statement = select(buildings.c.id).where(
            buildings.c.community == self._community, buildings.c.id == building_id
        )
        if not await self._found(statement):
            raise UnknownBuilding(fields={"place.building_id": ("没有这栋楼", "no such building")})
        self._known.buildings.add(building_id)

    async def check_compound(self, compound_id: UUID) -> None:
        """Raise UnknownCompound if the community has no such compound."""
        statement = select(compounds.c.id).where(
            compounds.c.community == self._community, compounds.c.id == compound_id
        )
        if not await self._found(statement):
            raise UnknownCompound(fields={"compound_id": ("没有这个小区", "no such compound")})

    async def check_organisation(self, organisation_id: UUID) -> None:
        """Raise UnknownOrganisation if the organisation takes no part in the community."""
        statement = select(organisations.c.id).where(
            organisations.c.community == self._community, organisations.c.id == organisation_id
        )
        if not await self._found(statement):
            raise UnknownOrganisation(
                fields={"responsible_organisation": ("本社区没有这个单位", "no such organisation in this community")}
            )

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


class PostgresMasterData:
    """Satisfies `ports.MasterData`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open_community(self, community: CommunityProfile, defaults: Sequence[Category]) -> None:
        """Keep the profile and copy the default categories."""
        profile = {"id": community.id, "code": community.code, "name": community.name}
        await self._uow.execute(
            insert(community_profiles)
            .values(community=self._uow.community, **profile)
            .on_conflict_do_update(index_elements=["community"], set_=profile)
        )
        await self._uow.execute(
            insert(categories).on_conflict_do_nothing(),
            [
                {
                    "community": self._uow.community,
                    "code": category.code,
                    "parent": category.parent,
                    "name_zh": category.name_zh,
                    "name_en": category.name_en,
                    "kind": category.kind.value,
                    "tier": category.tier.value,
                    "responsible_kind": category.responsible_kind,
                    "position": category.position,
                }
                for category in defaults
            ],
        )

    async def keep_organisation(self, organisation: Organisation) -> None:
        """Keep an organisation, or its new name."""
        values = {"kind": organisation.kind, "name": organisation.name}
        await self._keep(organisations, organisation.id, values)

    async def keep_compound(self, compound_id: UUID, name: str) -> None:
        """Keep a compound, or its new name."""
        await self._keep(compounds, compound_id, {"name": name})

    async def keep_grid(self, grid_id: UUID, name: str, worker_id: UUID | None) -> None:
        """Keep a grid, or its new worker."""
        await self._keep(grids, grid_id, {"name": name, "worker_id": worker_id})

    async def keep_building(self, building: Building) -> None:
        """Keep a building, or its new name or grid."""
        values = {"compound_id": building.compound_id, "grid_id": building.grid_id, "name": building.name}
        await self._keep(buildings, building.id, values)

    async def keep_membership(self, membership: Membership) -> None:
        """Keep who holds which role through which organisation."""
        values = {
            "person_id": membership.person_id,
            "organisation_id": membership.organisation_id,
            "role": membership.role,
            "scope": membership.scope,
        }
        await self._keep(memberships, membership.id, values)

    async def end_membership(self, membership_id: UUID, at: datetime) -> None:
        """Note that a role is no longer held."""
        await self._uow.execute(
            update(memberships)
            .where(memberships.c.community == self._uow.community, memberships.c.id == membership_id)
            .values(ended_at=at)
        )

    async def _keep(self, table: Table, row_id: UUID, values: dict[str, Any]) -> None:
        await self._uow.execute(
            insert(table)
            .values(community=self._uow.community, id=row_id, **values)
            .on_conflict_do_update(index_elements=["community", "id"], set_=values)
        )


async def read_categories(connection: AsyncConnection, community: str) -> list[Category]:
    """All categories of a community, in the order people see them."""
    found = await connection.execute(
        select(categories).where(categories.c.community == community).order_by(categories.c.position)
    )
    return [
        Category(
            code=row.code,
            parent=row.parent,
            name_zh=row.name_zh,
            name_en=row.name_en,
            kind=IssueKind(row.kind),
            tier=Tier(row.tier),
            responsible_kind=row.responsible_kind,
            position=row.position,
        )
        for row in found
    ]
