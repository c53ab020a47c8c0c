"""Members and volunteers on PostgreSQL, copied from the gateway's messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, update
from sqlalchemy.dialects.postgresql import insert

from services.volunteers.domain.volunteer import VOLUNTEERING_ROLES
from services.volunteers.storage.tables import communities_served, memberships, volunteers
from shared.database.unit_of_work import UnitOfWork

BELONGS_HERE = "SELECT 1 FROM memberships WHERE community = $1 AND person = $2 AND ended_at IS NULL LIMIT 1"
"""Asked before every award and debit: as cheap as it can be."""


class PostgresPeople:
    """The People of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open_community(self, at: datetime) -> None:
        """Remember that this service works for the community."""
        await self._uow.execute(
            insert(communities_served).values(slug=self._uow.community, since=at).on_conflict_do_nothing()
        )

    async def grant(self, membership_id: UUID, person: UUID, organisation: UUID | None, role: str) -> None:
        """Remember a membership."""
        await self._uow.execute(
            insert(memberships)
            .values(
                community=self._uow.community, id=membership_id, person=person, organisation=organisation, role=role
            )
            .on_conflict_do_nothing()
        )

    async def end(self, membership_id: UUID, at: datetime) -> None:
        """Remember that a membership ended."""
        await self._uow.execute(
            update(memberships)
            .where(memberships.c.community == self._uow.community, memberships.c.id == membership_id)
            .values(ended_at=at)
        )

    async def register_volunteer(self, person: UUID, at: datetime) -> None:
        """Put a person on the list of volunteers, or back on it; the first day stays the first day."""
        await self._uow.execute(
            insert(volunteers)
            .values(community=self._uow.community, person=person, since=at)
            .on_conflict_do_update(index_elements=["community", "person"], set_={"retired_at": None})
        )

    async def retire_volunteer_without_role(self, person: UUID, at: datetime) -> None:
        """Take a person off the list who no longer holds any role of a volunteer."""
        still = exists().where(
            memberships.c.community == self._uow.community,
            memberships.c.person == person,
            memberships.c.role.in_(VOLUNTEERING_ROLES),
            memberships.c.ended_at.is_(None),
        )
        await self._uow.execute(
            update(volunteers)
            .where(
                volunteers.c.community == self._uow.community,
                volunteers.c.person == person,
                volunteers.c.retired_at.is_(None),
                ~still,
            )
            .values(retired_at=at)
        )

    async def belongs_here(self, person: UUID) -> bool:
        """Does the person hold any membership that has not ended?"""
        return await self._uow.fetch_row(BELONGS_HERE, self._uow.community, person) is not None
