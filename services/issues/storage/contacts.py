"""Sealed contacts, and the record of every look at them, on PostgreSQL."""

from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.contact import Contact, Reveal
from services.issues.domain.errors.contacts import ContactNotFound, ContactUnreadable
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from services.issues.storage.phone_index import phone_index, tail_index
from services.issues.storage.tables.contacts import issue_contacts, issue_reveals
from shared.database.unit_of_work import UnitOfWork
from shared.security.sealing import Seal, SealBroken


class PostgresContacts:
    """Satisfies `ports.ContactStore`."""

    def __init__(self, uow: UnitOfWork, seal: Seal) -> None:
        self._uow = uow
        self._seal = seal

    async def add(self, issue_id: UUID, contact: Contact, *, by: UUID, at: datetime) -> None:
        """Seal and keep."""
        community, phone = self._uow.community, contact.phone
        plain = orjson.dumps({"name": contact.name, "phone": phone})
        await self._uow.execute(
            insert(issue_contacts).values(
                community=community,
                issue_id=issue_id,
                sealed=self._seal.close(plain, place=place_of(community, issue_id)),
                phone_index=phone_index(self._seal, community, phone) if phone else None,
                tail_index=tail_index(self._seal, community, phone) if phone else None,
                recorded_by=by,
                recorded_at=at,
            )
        )

    async def get(self, issue_id: UUID) -> Contact:
        """Open."""
        return await contact_of(await self._uow.connection(), self._uow.community, issue_id, self._seal)

    async def note_reveal(self, reveal: Reveal) -> None:
        """Write down a look."""
        await self._uow.execute(
            insert(issue_reveals).values(
                community=self._uow.community,
                issue_id=reveal.issue_id,
                id=reveal.id,
                field=reveal.field.value,
                purpose=reveal.purpose.value,
                person=reveal.by,
                revealed_at=reveal.at,
            )
        )


async def contact_of(connection: AsyncConnection, community: str, issue_id: UUID, seal: Seal) -> Contact:
    """The contact of an issue, opened. Raises ContactNotFound and ContactUnreadable."""
    found = await connection.execute(
        select(issue_contacts.c.sealed).where(
            issue_contacts.c.community == community, issue_contacts.c.issue_id == issue_id
        )
    )
    sealed = found.scalar_one_or_none()
    if sealed is None:
        raise ContactNotFound
    try:
        plain = orjson.loads(seal.open(bytes(sealed), place=place_of(community, issue_id)))
    except SealBroken:
        raise ContactUnreadable from None
    return Contact(plain["name"], plain["phone"])


def reveal_of(row: RowMapping) -> Reveal:
    """One look, from its row."""
    return Reveal(
        row["id"],
        row["issue_id"],
        RevealField(row["field"]),
        RevealPurpose(row["purpose"]),
        row["person"],
        row["revealed_at"],
    )


def place_of(community: str, issue_id: UUID) -> str:
    """Where a sealed contact lies: it opens nowhere else."""
    return f"issue-contact|{community}|{issue_id}"
