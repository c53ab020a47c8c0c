"""Who joined an issue, in PostgreSQL. The row of a person and the number on the issue change together."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import case, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.storage.tables.following import issue_followers, issue_urgings
from services.issues.storage.tables.issues import issues
from shared.database.unit_of_work import UnitOfWork


class PostgresFollowerStore:
    """Satisfies `ports.FollowerStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def join(self, issue_id: UUID, person: UUID, at: datetime) -> int | None:
        """Add a person."""
        row = {"community": self._uow.community, "issue_id": issue_id, "person_id": person, "joined_at": at}
        added = await self._uow.execute(pg_insert(issue_followers).values(**row).on_conflict_do_nothing())
        return await self._count(issue_id, 1) if added.rowcount else None

    async def leave(self, issue_id: UUID, person: UUID) -> int | None:
        """Take a person out."""
        taken = await self._uow.execute(
            delete(issue_followers).where(
                issue_followers.c.community == self._uow.community,
                issue_followers.c.issue_id == issue_id,
                issue_followers.c.person_id == person,
            )
        )
        return await self._count(issue_id, -1) if taken.rowcount else None

    async def follows(self, issue_id: UUID, person: UUID) -> bool:
        """Whether the person joined."""
        found = await self._uow.execute(
            select(issue_followers.c.person_id).where(
                issue_followers.c.community == self._uow.community,
                issue_followers.c.issue_id == issue_id,
                issue_followers.c.person_id == person,
            )
        )
        return found.first() is not None

    async def of(self, issue_id: UUID) -> tuple[UUID, ...]:
        """Everybody who follows an issue, by id."""
        found = await self._uow.execute(
            select(issue_followers.c.person_id)
            .where(issue_followers.c.community == self._uow.community, issue_followers.c.issue_id == issue_id)
            .order_by(issue_followers.c.person_id)
        )
        return tuple(found.scalars())

    async def urge(self, issue_id: UUID, person: UUID, day: date, at: datetime) -> int | None:
        """Note that a person urged on this day."""
        row = {"community": self._uow.community, "issue_id": issue_id, "person_id": person, "day": day, "at": at}
        added = await self._uow.execute(pg_insert(issue_urgings).values(**row).on_conflict_do_nothing())
        if not added.rowcount:
            return None
        statement = (
            update(issues)
            .where(issues.c.community == self._uow.community, issues.c.id == issue_id)
            .values(
                urged=issues.c.urged + 1,
                reporter_urged_at=case((issues.c.reported_by == person, at), else_=issues.c.reporter_urged_at),
            )
            .returning(issues.c.urged)
        )
        urged: int = (await self._uow.execute(statement)).scalar_one()
        return urged

    async def move(self, from_issue: UUID, to_issue: UUID, *, without: UUID | None, at: datetime) -> int:
        """Let all followers of one issue follow another one as well."""
        theirs = select(issue_followers.c.community, literal(to_issue), issue_followers.c.person_id, literal(at)).where(
            issue_followers.c.community == self._uow.community, issue_followers.c.issue_id == from_issue
        )
        if without is not None:
            theirs = theirs.where(issue_followers.c.person_id != without)
        columns = ["community", "issue_id", "person_id", "joined_at"]
        added = await self._uow.execute(
            pg_insert(issue_followers).from_select(columns, theirs).on_conflict_do_nothing()
        )
        if added.rowcount:
            await self._count(to_issue, added.rowcount)
        return added.rowcount

    async def _count(self, issue_id: UUID, change: int) -> int:
        statement = (
            update(issues)
            .where(issues.c.community == self._uow.community, issues.c.id == issue_id)
            .values(joined=issues.c.joined + change)
            .returning(issues.c.joined)
        )
        joined: int = (await self._uow.execute(statement)).scalar_one()
        return joined
