"""Call for minutes that are not published: after three days, and again, in red, after seven. Done by the clock."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.words.meetings import MeetingState, Red
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MinutesDue, MinutesOverdue
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CallForMinutes:
    """Which meeting, and how late it is."""

    meeting_id: UUID
    red: Red


@one_transaction
async def call_for_minutes(command: CallForMinutes, uow: IssuesUnitOfWork) -> Meeting:
    """Mark the meeting and tell those who can publish; the secretary hears of it in the end."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=None)
    if meeting.state is not MeetingState.CLOSED or meeting.minutes_published_at is not None:
        return meeting
    meeting.minutes_red = command.red
    await uow.meetings.save(meeting)
    message = MinutesOverdue if command.red is Red.OVERDUE else MinutesDue
    await uow.publish(
        message(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            closed_by=meeting.closed_by or meeting.convened_by,
        )
    )
    return meeting
