"""What one person proposes and another decides on: dismissal, deferral, extension (the second-person rule)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.words.issues import DismissalReason, ProposalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pending proposal. Which of the last four are given depends on its kind."""

    kind: ProposalKind
    reason: str
    by: UUID
    at: datetime
    reason_code: DismissalReason | None = None
    refer_to: str | None = None
    until: datetime | None = None
    """The review date of a deferral, the new end of T3 of an extension."""
    historical: bool = False


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Why a matter was not taken in, and where its reporter finds help instead."""

    reason_code: DismissalReason
    refer_to: str


@dataclass(frozen=True, slots=True)
class Deferral:
    """A matter that cannot be solved now, with the day on which it is looked at again (挂账). `historical`: 历史遗留问题."""

    review_at: datetime
    since: datetime
    historical: bool = False
