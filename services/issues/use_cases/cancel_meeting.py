"""Cancel one meeting; of a series, only this one. Its agenda goes to the next meeting of the kind."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.move_meeting import call_off
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Which meeting, and why."""

    meeting_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def cancel_meeting(command: CancelMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """Call a meeting off; refused when its agenda has nowhere to go."""
    by = command.by
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    await call_off(meeting, command.reason, by=by, uow=uow)
    return meeting
