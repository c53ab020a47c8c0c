"""How the use cases keep contacts."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.contact import Contact, Reveal


class ContactStore(Protocol):
    """The contacts of the issues of one community, sealed, and the record of every look at them."""

    async def add(self, issue_id: UUID, contact: Contact, *, by: UUID, at: datetime) -> None:
        """Seal and keep."""
        ...

    async def get(self, issue_id: UUID) -> Contact:
        """Open. Raises ContactNotFound and ContactUnreadable."""
        ...

    async def note_reveal(self, reveal: Reveal) -> None:
        """Write down a look; if that cannot be written, nothing is shown."""
        ...
