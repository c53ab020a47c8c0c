"""Who lives in which household: this service's copy, fed by the gateway's messages."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.issues.storage.tables.master_data import buildings
from services.issues.storage.tables.surveys import household_members, households
from shared.database.unit_of_work import UnitOfWork


class PostgresHouseholds:
    """Satisfies `ports.Households`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def keep(self, household_id: UUID, building_id: UUID, person_ids: tuple[UUID, ...]) -> None:
        """Keep a household and those who belong to it."""
        community = self._uow.community
        await self._uow.execute(
            insert(households)
            .values(community=community, id=household_id, building_id=building_id)
            .on_conflict_do_update(index_elements=["community", "id"], set_={"building_id": building_id})
        )
        if person_ids:
            await self._uow.execute(
                insert(household_members).on_conflict_do_nothing(),
                [{"community": community, "person_id": one, "household_id": household_id} for one in person_ids],
            )

    async def of_person(self, person_id: UUID) -> tuple[UUID, ...]:
        """The households a person belongs to."""
        found = await self._uow.execute(
            select(household_members.c.household_id).where(
                household_members.c.community == self._uow.community, household_members.c.person_id == person_id
            )
        )
        return tuple(found.scalars())

    async def exists(self, household_id: UUID) -> bool:
        """Whether the community has such a household."""
        found = await self._uow.execute(
            select(households.c.id).where(
                households.c.community == self._uow.community, households.c.id == household_id
            )
        )
        return found.first() is not None

    async def lives_in(self, household_id: UUID, compound_id: UUID) -> bool:
        """Whether the building of a household belongs to this compound."""
        found = await self._uow.execute(
            select(households.c.id)
            .join(
                buildings,
                (buildings.c.community == households.c.community) & (buildings.c.id == households.c.building_id),
            )
            .where(
                households.c.community == self._uow.community,
                households.c.id == household_id,
                buildings.c.compound_id == compound_id,
            )
        )
        return found.first() is not None
