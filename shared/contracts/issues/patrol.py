"""What happens on patrols."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class PatrolPlanned(Message, type="issues.patrol_planned.v1", aggregate="patrol_id"):
    """People will walk a route of grids on a date."""

    patrol_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...]
    grid_ids: tuple[UUID, ...]
    meeting_id: UUID | None = None


class PatrolCancelled(Message, type="issues.patrol_cancelled.v1", aggregate="patrol_id"):
    """A planned patrol does not take place."""

    patrol_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...]


class PatrolMissed(Message, type="issues.patrol_missed.v1", aggregate="patrol_id"):
    """The day of a planned patrol went by and nobody set out."""

    patrol_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...]
    planned_by: UUID


class PatrolFindingRecorded(Message, type="issues.patrol_finding_recorded.v1", aggregate="patrol_id"):
    """Somebody under way found a hazard or a problem, or set a trifle right."""

    patrol_id: UUID
    finding_id: UUID
    kind: str
    category: str
    severity: str
    found_by: UUID
    issue_id: UUID | None = None


class PatrolFinished(Message, type="issues.patrol_finished.v1", aggregate="patrol_id"):
    """A patrol came back, with what it walked and found."""

    patrol_id: UUID
    kind: str
    participant_ids: tuple[UUID, ...]
    grids_visited: int
    grids_planned: int
    hazards: int
    problems: int
    trifles: int
    raised: int
    meeting_id: UUID | None = None
