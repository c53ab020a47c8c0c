"""What came of a matter, and what its reporter says about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.words.issues import Level, Outcome, QuantityKind


@dataclass(frozen=True, slots=True)
class Quantity:
    """A countable result, e.g. 56 parking spaces."""

    kind: QuantityKind
    amount: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """What came of it as whoever resolved it says: the public reply, the level at which it was solved, and who stands for it."""

    public_reply: str
    level: Level
    resolved_by: UUID
    outcome: Outcome
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """The reporter's answer of one round; satisfaction runs from 1 to 5."""

    round: int
    solved: bool
    satisfaction: int
    comment: str | None
    rated_by: UUID
    at: datetime
