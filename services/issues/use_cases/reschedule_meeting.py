"""Reschedule one meeting; of a series, only this one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.move_meeting import move_meeting
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RescheduleMeeting:
    """When, where and how long instead; None stays as it is."""

    meeting_id: UUID
    starts_at: datetime | None
    place: str | None
    minutes: int | None
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def reschedule_meeting(command: RescheduleMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """Move a meeting with its agenda; whoever is invited hears of it."""
    by = command.by
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    await move_meeting(
        meeting,
        starts_at=command.starts_at or meeting.starts_at,
        place=command.place or meeting.place,
        minutes=command.minutes or meeting.minutes,
        reason=command.reason,
        by=by,
        uow=uow,
        edited=True,
    )
    return meeting
