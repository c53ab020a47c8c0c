"""Record a discussion: what was said about an agenda item (做好记录), with or before a decision."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordDiscussion:
    """Which item, and what was said."""

    meeting_id: UUID
    item_id: UUID
    record: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def record_discussion(command: RecordDiscussion, uow: IssuesUnitOfWork) -> Meeting:
    """Write the record of an item."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by, expected_version=command.expected_version)
    meeting.item(command.item_id).note(command.record)
    await uow.meetings.save(meeting)
    return meeting
