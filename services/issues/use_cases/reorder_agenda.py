"""Reorder an agenda."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReorderAgenda:
    """All items, in their new order."""

    meeting_id: UUID
    order: tuple[UUID, ...]
    by: Principal
    expected_version: int | None = None


@one_transaction
async def reorder_agenda(command: ReorderAgenda, uow: IssuesUnitOfWork) -> Meeting:
    """Number the items anew."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by, expected_version=command.expected_version)
    meeting.move_items(command.order)
    await uow.meetings.save(meeting)
    return meeting
