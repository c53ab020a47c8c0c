"""A unit that a whistle calls. Each unit answers for itself: acknowledging is not arriving, and a refusal does not stop the clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.words.whistles import ArrivalProof, UnitState

UNFINISHED = frozenset({UnitState.CALLED, UnitState.ACKNOWLEDGED, UnitState.ARRIVED, UnitState.REFUSED})
NOT_THERE = frozenset({UnitState.CALLED, UnitState.ACKNOWLEDGED, UnitState.REFUSED})
"""Whose arrival is still awaited."""


@dataclass(frozen=True, slots=True)
class WhistleRating:
    """What one side says of the other after the work: 1 to 5, given once."""

    score: int
    comment: str | None
    by: UUID
    at: datetime


@dataclass(slots=True, kw_only=True)
class CalledUnit:
    """One organisation with its own arrival clock."""

    organisation: UUID
    due_at: datetime
    state: UnitState = UnitState.CALLED
    acknowledged_by: UUID | None = None
    acknowledged_at: datetime | None = None
    refused_by: UUID | None = None
    refused_at: datetime | None = None
    refusal: str | None = None
    arrived_by: UUID | None = None
    arrived_at: datetime | None = None
    arrival_proof: ArrivalProof | None = None
    arrival_place: str | None = None
    arrival_checked_by: UUID | None = None
    missed_at: datetime | None = None
    done_by: UUID | None = None
    done_at: datetime | None = None
    result: str | None = None
    released_by: UUID | None = None
    released_at: datetime | None = None
    release_reason: str | None = None
    rating_of_unit: WhistleRating | None = None
    rating_by_unit: WhistleRating | None = None

    def is_unfinished(self) -> bool:
        """Whether the whistle still waits for this unit."""
        return self.state in UNFINISHED

    def is_awaited(self) -> bool:
        """Whether its arrival clock runs: nobody of it is there yet."""
        return self.state in NOT_THERE

    def is_overdue(self, at: datetime) -> bool:
        """Whether its arrival is missed at this moment and this has not been noted yet."""
        return self.is_awaited() and self.missed_at is None and at >= self.due_at

    def acknowledge(self, by: UUID, at: datetime) -> None:
        """A person of the unit has heard it. A refusal is taken back by it."""
        self.state, self.acknowledged_by, self.acknowledged_at = UnitState.ACKNOWLEDGED, by, at
        self.refused_by = self.refused_at = self.refusal = None

    def refuse(self, reason: str, by: UUID, at: datetime) -> None:
        """The unit says that it does not come. The office releases it, or the clock goes on to the subdistrict."""
        self.state, self.refused_by, self.refused_at, self.refusal = UnitState.REFUSED, by, at, reason

    def report_in(self, proof: ArrivalProof, place: str | None, by: UUID, at: datetime) -> None:
        """A person of the unit is at the place. Whoever is there has heard the whistle."""
        if self.acknowledged_at is None or self.state is UnitState.REFUSED:
            self.acknowledge(by, at)
        self.state, self.arrived_by, self.arrived_at = UnitState.ARRIVED, by, at
        self.arrival_proof, self.arrival_place = proof, place

    def confirm(self, by: UUID) -> None:
        """The office saw them."""
        self.arrival_proof, self.arrival_checked_by = ArrivalProof.CONFIRMED, by

    def reject(self) -> None:
        """The office did not see them: nobody has arrived, and the clock runs as if nothing had been said."""
        self.state = UnitState.ACKNOWLEDGED
        self.arrived_by = self.arrived_at = self.arrival_proof = self.arrival_place = None

    def finish(self, result: str, by: UUID, at: datetime) -> None:
        """The work of this unit is done."""
        self.state, self.done_by, self.done_at, self.result = UnitState.DONE, by, at, result

    def release(self, reason: str, by: UUID, at: datetime) -> None:
        """The office needs this unit no more."""
        self.state, self.released_by, self.released_at, self.release_reason = UnitState.RELEASED, by, at, reason

    def minutes_to_arrive(self, called_at: datetime) -> int | None:
        """Whole minutes from the whistle to the arrival."""
        return None if self.arrived_at is None else int((self.arrived_at - called_at).total_seconds() // 60)
