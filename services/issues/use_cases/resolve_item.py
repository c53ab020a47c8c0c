"""Resolve an agenda item on the spot (当场解决): the reporter gets the public reply at once."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.resolution import Quantity
from services.issues.domain.words.issues import Level, Outcome
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_resolved
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ResolveItem:
    """Which item, what came of it, and what the reporter reads."""

    meeting_id: UUID
    item_id: UUID
    outcome: Outcome
    public_reply: str
    level: Level
    by: Principal
    quantity: Quantity | None = None
    expected_version: int | None = None


@one_transaction
async def resolve_item(command: ResolveItem, uow: IssuesUnitOfWork) -> Meeting:
    """Settle an item inside the meeting."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    item = meeting.item(command.item_id)
    item.conclude(Decision.RESOLVED, by.person, now, outcome=command.outcome, public_reply=command.public_reply)
    issue = await uow.issues.get(item.issue_id, seen_by=by)
    issue.resolve(
        outcome=command.outcome,
        public_reply=command.public_reply,
        level=command.level,
        quantity=command.quantity,
        by=by,
        at=now,
    )
    await uow.meetings.save(meeting)
    await uow.issues.save(issue)
    await publish_resolved(issue, by, uow)
    return meeting
