"""Postpone an agenda item to another dated meeting: nothing is put off without a date."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.meeting import Meeting
from services.issues.domain.words.meetings import Decision
from services.issues.facts import placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PostponeItem:
    """Which item, to which meeting, and why."""

    meeting_id: UUID
    item_id: UUID
    to_meeting_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def postpone_item(command: PostponeItem, uow: IssuesUnitOfWork) -> Meeting:
    """Move an item to the agenda of another meeting that is not closed and does not begin before this one."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    item = meeting.item(command.item_id)
    target = await uow.meetings.get(command.to_meeting_id, seen_by=by)
    if target.id == meeting.id or target.starts_at < meeting.starts_at:
        raise DateNotInFuture(
            "只能延至更晚的会议",
            "An item can only be postponed to a later meeting",
            fields={"to_meeting_id": ("必须是更晚的会议", "must be a later meeting")},
        )
    item.conclude(Decision.POSTPONED, by.person, now, reason=command.reason, postponed_to=target.id)
    issue = await uow.issues.get(item.issue_id, seen_by=by)
    issue.postpone(meeting_id=target.id, discussed_at=target.starts_at, reason=command.reason, by=by, at=now)
    target.add_item(issue.id, by=by, at=now)
    await uow.meetings.save(meeting)  # first off this agenda, then onto the other: an issue waits on one at a time
    await uow.meetings.save(target)
    await uow.issues.save(issue)
    await uow.publish(placed_on_agenda(issue, target))
    return meeting
