"""What happens to the meetings that discuss matters."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class MeetingConvened(Message, type="issues.meeting_convened.v1", aggregate="meeting_id"):
    """A round table or Wednesday meeting has a date."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...] = ()


class MeetingClosed(Message, type="issues.meeting_closed.v1", aggregate="meeting_id"):
    """A meeting was closed; every item left it with a decision."""

    meeting_id: UUID
    kind: str
    resolved_on_the_spot: int
    assigned: int
    declined: int
    postponed: int
    participant_ids: tuple[UUID, ...] = ()
