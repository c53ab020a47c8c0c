"""Our copy of memberships, organisations, community names and facts of issues, in PostgreSQL."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.notify.domain.issue_facts import IssueFacts
from services.notify.storage.tables import communities, issue_facts, memberships, organisations
from shared.contracts.message import WHOLE_SUBDISTRICT
from shared.database.unit_of_work import UnitOfWork
from shared.principal import Role


class PostgresDirectory:
    """Satisfies `ports.Directory`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def grant(
        self, membership_id: UUID, person: UUID, organisation: UUID | None, role: str, at: datetime
    ) -> None:
        """A person holds a role."""
        values = {"person": person, "organisation": organisation, "role": role, "since": at}
        statement = insert(memberships).values(community=self._uow.community, id=membership_id, **values)
        await self._uow.execute(statement.on_conflict_do_update(constraint="memberships_pkey", set_=values))

    async def end(self, membership_id: UUID) -> None:
        """A person no longer holds it."""
        await self._uow.execute(
            delete(memberships).where(memberships.c.community == self._uow.community, memberships.c.id == membership_id)
        )

    async def remember_organisation(self, organisation: UUID, kind: str, name: str) -> None:
        """An organisation takes part, under this public name."""
        values = {"kind": kind, "name": name}
        statement = insert(organisations).values(community=self._uow.community, id=organisation, **values)
        await self._uow.execute(statement.on_conflict_do_update(constraint="organisations_pkey", set_=values))

    async def remember_community(self, name: str) -> None:
        """The community is called so."""
        statement = insert(communities).values(community=self._uow.community, name=name)
        await self._uow.execute(statement.on_conflict_do_update(constraint="communities_pkey", set_={"name": name}))

    async def holders(self, roles: Collection[Role], organisation: UUID | None = None) -> list[UUID]:
        """Persons who hold one of the roles, in the whole community or through one organisation; each once.
        Who works for the subdistrict holds the role everywhere: row security shows those rows to every community."""
        statement = (
            select(memberships.c.person)
            .distinct()
            .where(
                memberships.c.community.in_([self._uow.community, WHOLE_SUBDISTRICT]),
                memberships.c.role.in_([role.value for role in roles]),
            )
            .order_by(memberships.c.person)
        )
        if organisation is not None:
            statement = statement.where(memberships.c.organisation == organisation)
        return list((await self._uow.execute(statement)).scalars())

    async def organisation_names(self, ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Public names of those we know."""
        if not ids:
            return {}
        statement = select(organisations.c.id, organisations.c.name).where(
            organisations.c.community == self._uow.community, organisations.c.id.in_(list(ids))
        )
        return {row.id: row.name for row in await self._uow.execute(statement)}

    async def community_name(self) -> str:
        """Name of the community; its key as long as we do not know it."""
        statement = select(communities.c.name).where(communities.c.community == self._uow.community)
        name: str | None = (await self._uow.execute(statement)).scalar()
        return name or self._uow.community


class PostgresIssueFacts:
    """Satisfies `ports.IssueMemory`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def remember(self, issue_id: UUID, said: IssueFacts) -> IssueFacts:
        """Keep what a message said and return all that is known."""
        statement = insert(issue_facts).values(community=self._uow.community, issue_id=issue_id, **asdict(said))
        kept: dict[str, ColumnElement[Any]] = {
            name: func.coalesce(statement.excluded[name], issue_facts.c[name])
            for name in ("kind", "category", "severity")
        }
        kept["private"] = statement.excluded.private | issue_facts.c.private
        known = issue_facts.c.kind, issue_facts.c.category, issue_facts.c.severity, issue_facts.c.private
        statement = statement.on_conflict_do_update(constraint="issue_facts_pkey", set_=kept)
        return IssueFacts(*(await self._uow.execute(statement.returning(*known))).one())
