"""Decline an agenda item, with a reason and a public reply; its reporter may still answer "not solved"."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.words.issues import Outcome
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_resolved
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeclineItem:
    """Which item, why, and what the reporter reads. The outcome is `explained` or `not_ours`."""

    meeting_id: UUID
    item_id: UUID
    outcome: Outcome
    reason: str
    public_reply: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def decline_item(command: DeclineItem, uow: IssuesUnitOfWork) -> Meeting:
    """Let an item leave the meeting with a reply instead of a measure."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    item = meeting.item(command.item_id)
    item.conclude(
        Decision.DECLINED,
        by.person,
        now,
        outcome=command.outcome,
        reason=command.reason,
        public_reply=command.public_reply,
    )
    issue = await uow.issues.get(item.issue_id, seen_by=by)
    issue.decline(outcome=command.outcome, reason=command.reason, public_reply=command.public_reply, by=by, at=now)
    await uow.meetings.save(meeting)
    await uow.issues.save(issue)
    await publish_resolved(issue, by, uow)
    return meeting
