"""A manual correction of somebody's points: one person proposes, another decides (maker ≠ checker)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.volunteers.domain.errors import AdjustmentAlreadyDecided, SecondPersonNeeded


class AdjustmentState(StrEnum):
    """Where a correction stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


LABELS_ZH = {
    AdjustmentState.PROPOSED: "待审批",
    AdjustmentState.APPROVED: "已批准",
    AdjustmentState.REJECTED: "已驳回",
}


@dataclass(slots=True)
class Adjustment:
    """A proposed change of a balance, up or down, with its reason."""

    id: UUID
    person: UUID
    points: int
    reason: str
    proposed_by: UUID
    proposed_at: datetime
    state: AdjustmentState = AdjustmentState.PROPOSED
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    decision_note: str | None = None
    version: int = 1

    def approve(self, *, by: UUID, at: datetime) -> None:
        """Somebody who neither proposed it nor profits from it says yes."""
        self._decide(AdjustmentState.APPROVED, by, at)

    def reject(self, *, note: str, by: UUID, at: datetime) -> None:
        """Somebody who neither proposed it nor profits from it says no, and why."""
        self._decide(AdjustmentState.REJECTED, by, at)
        self.decision_note = note

    def _decide(self, state: AdjustmentState, by: UUID, at: datetime) -> None:
        if self.state is not AdjustmentState.PROPOSED:
            raise AdjustmentAlreadyDecided
        if by in {self.proposed_by, self.person}:
            raise SecondPersonNeeded
        self.state, self.decided_by, self.decided_at = state, by, at
