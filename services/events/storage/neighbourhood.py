"""The copy of the gateway's master data on PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from services.events.domain.neighbourhood import Building, Figures
from services.events.storage.tables import buildings, community_figures, household_members
from shared.database.unit_of_work import UnitOfWork


class PostgresNeighbourhoodStore:
    """Satisfies `ports.NeighbourhoodStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def keep_figures(self, figures: Figures) -> None:
        """Keep or correct the size as of a day."""
        new = insert(community_figures)
        await self._uow.execute(
            new.on_conflict_do_update(
                index_elements=["community", "as_of"],
                set_={"households": new.excluded.households, "residents": new.excluded.residents},
            ),
            {"community": self._uow.community, **asdict(figures)},
        )

    async def keep_building(self, building: Building) -> None:
        """Keep or replace a building."""
        new = insert(buildings)
        kept = {name: new.excluded[name] for name in ("compound_id", "grid_id", "name")}
        await self._uow.execute(
            new.on_conflict_do_update(index_elements=["community", "id"], set_=kept),
            {"community": self._uow.community, **asdict(building)},
        )

    async def move_building(self, building_id: UUID, *, grid_id: UUID) -> None:
        """Note the new grid."""
        mine = buildings.c.community == self._uow.community
        await self._uow.execute(update(buildings).where(mine, buildings.c.id == building_id).values(grid_id=grid_id))

    async def keep_household(self, household_id: UUID, *, building_id: UUID, person_ids: Sequence[UUID]) -> None:
        """Note everybody who lives in the household, and forget who does not any more."""
        c = household_members.c
        await self._uow.execute(
            delete(household_members).where(
                c.community == self._uow.community, c.household_id == household_id, c.person_id.not_in(person_ids)
            )
        )
        await self._keep(household_id, building_id, person_ids)

    async def join_household(self, household_id: UUID, *, building_id: UUID, person_id: UUID) -> None:
        """Note one more person."""
        await self._keep(household_id, building_id, [person_id])

    async def _keep(self, household_id: UUID, building_id: UUID, person_ids: Sequence[UUID]) -> None:
        if not person_ids:
            return
        new = insert(household_members)
        moved = {name: new.excluded[name] for name in ("household_id", "building_id")}
        # Sorted, so that two messages about the same persons never wait for each other in a circle.
        rows = [
            {
                "community": self._uow.community,
                "person_id": person_id,
                "household_id": household_id,
                "building_id": building_id,
            }
            for person_id in sorted(set(person_ids))
        ]
        await self._uow.execute(new.on_conflict_do_update(index_elements=["community", "person_id"], set_=moved), rows)
