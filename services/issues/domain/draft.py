"""Drafts: what a person has written and not yet sent. The id is made by the client, so that a lost answer never makes two issues of one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.issues.domain.errors.photos import DraftIdRefused

KEPT = timedelta(days=30)
MOST = 20
"""Drafts of one person."""
CLOCKS_DIFFER = timedelta(hours=1)
"""How far the clock of a phone may run ahead."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft of a person. `content` is what the client sent: a report that may still lack parts."""

    id: UUID
    person: UUID
    content: bytes
    created_at: datetime
    updated_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it is thrown away."""
        return self.updated_at + KEPT


def check_id(draft_id: UUID, now: datetime) -> None:
    """Refuse an id that would put the issue in a wrong place of the list: lists go by id, newest first."""
    made_at = datetime.fromtimestamp((draft_id.int >> 80) / 1000, UTC) if draft_id.version == 7 else None
    if made_at is None or not now - KEPT - CLOCKS_DIFFER <= made_at <= now + CLOCKS_DIFFER:
        raise DraftIdRefused(fields={"draft_id": ("须为近期生成的 UUIDv7", "must be a UUIDv7 that was made recently")})
