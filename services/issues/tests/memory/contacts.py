"""Contacts in memory."""

from datetime import datetime
from uuid import UUID

from services.issues.domain.contact import Contact, Reveal
from services.issues.domain.errors.contacts import ContactNotFound


class MemoryContacts:
    """Satisfies `ports.ContactStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Contact] = {}
        self.reveals: list[Reveal] = []

    async def add(self, issue_id: UUID, contact: Contact, *, by: UUID, at: datetime) -> None:  # noqa: ARG002
        """Keep."""
        self.kept[issue_id] = contact

    async def get(self, issue_id: UUID) -> Contact:
        """Read."""
        if issue_id not in self.kept:
            raise ContactNotFound
        return self.kept[issue_id]

    async def note_reveal(self, reveal: Reveal) -> None:
        """Remember."""
        self.reveals.append(reveal)
