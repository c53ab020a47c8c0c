"""Drafts on PostgreSQL. They are sealed: a draft holds names and numbers before anybody decided where those go."""

from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from services.issues.domain.draft import Draft
from services.issues.domain.errors.contacts import ContactUnreadable
from services.issues.domain.errors.photos import DraftIdTaken
from services.issues.storage.tables.photos import issue_drafts
from shared.database.unit_of_work import UnitOfWork
from shared.security.sealing import Seal, SealBroken


class PostgresDrafts:
    """Satisfies `ports.DraftStore`."""

    def __init__(self, uow: UnitOfWork, seal: Seal) -> None:
        self._uow = uow
        self._seal = seal

    async def lock(self, person: UUID) -> None:
        """Wait for other changes of this person."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"drafts:{self._uow.community}:{person}", 0)))
        )

    async def get(self, draft_id: UUID) -> Draft | None:
        """A draft, opened."""
        found = await self._uow.execute(
            select(issue_drafts).where(issue_drafts.c.community == self._uow.community, issue_drafts.c.id == draft_id)
        )
        row = found.mappings().first()
        return draft_of(row, self._uow.community, self._seal) if row else None

    async def count(self, person: UUID) -> int:
        """How many a person has."""
        found = await self._uow.execute(
            select(func.count()).where(
                issue_drafts.c.community == self._uow.community, issue_drafts.c.person_id == person
            )
        )
        return int(found.scalar_one())

    async def keep(self, draft: Draft) -> None:
        """Seal and keep. Raises DraftIdTaken when somebody else was first, be it at this very moment."""
        sealed = self._seal.close(draft.content, place=_place(self._uow.community, draft.id))
        changing = {"sealed": sealed, "updated_at": draft.updated_at}
        kept = await self._uow.execute(
            insert(issue_drafts)
            .values(
                community=self._uow.community,
                id=draft.id,
                person_id=draft.person,
                created_at=draft.created_at,
                **changing,
            )
            .on_conflict_do_update(
                index_elements=["community", "id"], set_=changing, where=issue_drafts.c.person_id == draft.person
            )
            .returning(issue_drafts.c.id)
        )
        if kept.first() is None:
            raise DraftIdTaken

    async def remove(self, draft_id: UUID) -> None:
        """Throw a draft away."""
        await self._uow.execute(
            delete(issue_drafts).where(issue_drafts.c.community == self._uow.community, issue_drafts.c.id == draft_id)
        )


def draft_of(row: RowMapping, community: str, seal: Seal) -> Draft:
    """The draft of a row, opened."""
    try:
        content = seal.open(bytes(row["sealed"]), place=_place(community, row["id"]))
    except SealBroken:
        raise ContactUnreadable from None
    return Draft(row["id"], row["person_id"], content, row["created_at"], row["updated_at"])


def _place(community: str, draft_id: UUID) -> str:
    return f"issue-draft|{community}|{draft_id}"
