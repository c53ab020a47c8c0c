"""Agree on an agenda item's responsible party, deadline and plan; the assignment takes effect when the meeting closes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AssignItem:
    """Which item, and the four; a record written down earlier counts."""

    meeting_id: UUID
    item_id: UUID
    record: str | None
    responsible_organisation: UUID | None
    deadline: datetime | None
    plan: str | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def assign_item(command: AssignItem, uow: IssuesUnitOfWork) -> Meeting:
    """Write the countermeasure of an item. Refused while one of the four is missing."""
    by = command.by
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    item = meeting.item(command.item_id)
    if command.responsible_organisation is not None:
        await uow.directory.check_organisation(command.responsible_organisation)
    item.agree(
        record=command.record,
        responsible_organisation=command.responsible_organisation,
        deadline=command.deadline,
        plan=command.plan,
        by=by.person,
        at=uow.now(),
    )
    await uow.meetings.save(meeting)
    return meeting
