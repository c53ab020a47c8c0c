"""What happens to the meetings that discuss matters."""

from datetime import date, datetime
from uuid import UUID

from shared.contracts.message import Message


class MeetingConvened(Message, type="issues.meeting_convened.v1", aggregate="meeting_id"):
    """A round table or Wednesday meeting has a date."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...] = ()
    series_id: UUID | None = None


class MeetingClosed(Message, type="issues.meeting_closed.v1", aggregate="meeting_id"):
    """A meeting was closed; every item left it with a decision."""

    meeting_id: UUID
    kind: str
    resolved_on_the_spot: int
    assigned: int
    declined: int
    postponed: int
    participant_ids: tuple[UUID, ...] = ()


class RosterChanged(Message, type="issues.roster_changed.v1", aggregate="entry_id"):
    """Somebody took or left a standing seat of a kind of meeting."""

    entry_id: UUID
    kind: str
    seat: str
    person_id: UUID


class MeetingInvitationSent(Message, type="issues.meeting_invitation_sent.v1", aggregate="meeting_id"):
    """More people are asked to come to a meeting that was convened before."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    participant_ids: tuple[UUID, ...] = ()


class MeetingAttended(Message, type="issues.meeting_attended.v1", aggregate="meeting_id"):
    """Somebody is at the table, in time or late."""

    meeting_id: UUID
    kind: str
    person_id: UUID
    presence: str
    invited: bool


class MeetingRescheduled(Message, type="issues.meeting_rescheduled.v1", aggregate="meeting_id"):
    """A meeting has another time or place."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    started_before_at: datetime
    participant_ids: tuple[UUID, ...] = ()


class MeetingCancelled(Message, type="issues.meeting_cancelled.v1", aggregate="meeting_id"):
    """A meeting does not take place; its agenda went to the next one."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    cancelled_by: UUID
    participant_ids: tuple[UUID, ...] = ()


class MeetingSeriesBegun(Message, type="issues.meeting_series_begun.v1", aggregate="series_id"):
    """Meetings of a kind come again by a rule from this day on."""

    series_id: UUID
    kind: str
    first: date


class MeetingSeriesChanged(Message, type="issues.meeting_series_changed.v1", aggregate="series_id"):
    """A series goes on by another plan; `replaces` is the series that ended for it, or itself."""

    series_id: UUID
    kind: str
    first: date
    replaces: UUID


class MeetingSeriesEnded(Message, type="issues.meeting_series_ended.v1", aggregate="series_id"):
    """A series has a last day."""

    series_id: UUID
    kind: str
    last: date


class MinutesPublished(Message, type="issues.minutes_published.v1", aggregate="meeting_id"):
    """Everybody in the community can read what came of a meeting."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    published_by: UUID
    participant_ids: tuple[UUID, ...] = ()


class MinutesDue(Message, type="issues.minutes_due.v1", aggregate="meeting_id"):
    """A meeting was closed three days ago and its minutes are not published."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    closed_by: UUID


class MinutesOverdue(Message, type="issues.minutes_overdue.v1", aggregate="meeting_id"):
    """A meeting was closed seven days ago and its minutes are still not published."""

    meeting_id: UUID
    kind: str
    starts_at: datetime
    closed_by: UUID


class TopicProposed(Message, type="issues.topic_proposed.v1", aggregate="meeting_id"):
    """Somebody at the table proposes a topic for a meeting."""

    meeting_id: UUID
    proposal_id: UUID
    kind: str
    proposed_by: UUID


class TopicDecided(Message, type="issues.topic_decided.v1", aggregate="meeting_id"):
    """A proposed topic was put on the agenda, or declined with a reason."""

    meeting_id: UUID
    proposal_id: UUID
    kind: str
    accepted: bool
    proposed_by: UUID
    decided_by: UUID
