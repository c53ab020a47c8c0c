"""What a mediation consists of: parties, sessions, what happened. Names, notes and texts are kept sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.words.mediations import MediationVerb


@dataclass(slots=True, kw_only=True)
class Party:
    """One side: a person with an account, or somebody by name and telephone."""

    id: UUID
    person_id: UUID | None = None
    name: str | None = None
    phone: str | None = None
    signed_at: datetime | None = None
    signature_recorded_by: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Session:
    """A meeting of the parties with the mediator. It counts once it is recorded."""

    id: UUID
    starts_at: datetime
    place: str
    attended: tuple[UUID, ...] = ()
    """Parties who came."""
    notes: str | None = None
    """The mediator's own: no party reads them."""
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MediationEntry:
    """Who did what and when. Never a text: what was said stands sealed where it belongs."""

    id: UUID
    verb: MediationVerb
    by: UUID
    at: datetime
