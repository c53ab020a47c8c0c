"""Keeps this service's copy of the gateway's master data: fed by messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert

from services.issues.domain.category import Category
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
from shared.database.unit_of_work import UnitOfWork


class PostgresMasterData:
    """Satisfies `ports.MasterData`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.changed = False
        """Whether this transaction changed what processes keep in memory."""

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
        self.changed = True
        values = {"compound_id": building.compound_id, "grid_id": building.grid_id, "name": building.name}
        await self._keep(buildings, building.id, values)

    async def move_building(self, building_id: UUID, grid_id: UUID) -> None:
        """Note the new grid of a building."""
        self.changed = True
        await self._uow.execute(
            update(buildings)
            .where(buildings.c.community == self._uow.community, buildings.c.id == building_id)
            .values(grid_id=grid_id)
        )

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
