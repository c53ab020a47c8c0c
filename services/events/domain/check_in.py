"""A check-in (签到): n persons of a registered household were there at a moment. Known by a nonce that the device made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.events.domain.errors import AlreadyAnnulled, NonceReused


@dataclass(slots=True)
class CheckIn:
    """The record. `occurred_at` is the arrival, `recorded_at` when we heard of it (later, if the device was offline)."""

    id: UUID
    event_id: UUID
    registration_id: UUID
    nonce: str
    persons: int
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: UUID
    annulled_at: datetime | None = None
    annulled_by: UUID | None = None
    annul_reason: str | None = None
    version: int = 1

    def check_same(self, *, registration_id: UUID, persons: int) -> None:
        """Refuse a nonce that stands for something else; the same thing told twice is fine."""
        if (self.registration_id, self.persons) != (registration_id, persons):
            raise NonceReused

    def annul(self, *, reason: str, by: UUID, at: datetime) -> None:
        """Take it back: it was a mistake. The record stays, it only counts no more."""
        if self.annulled_at is not None:
            raise AlreadyAnnulled
        self.annulled_at, self.annulled_by, self.annul_reason = at, by, reason
