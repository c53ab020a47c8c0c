"""Publish minutes: everybody in the community reads what came of the meeting, without anybody's personal data."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.minutes import PersonalDataInMinutes
from services.issues.domain.masking import masked
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.minutes import MINUTES_DUE, MINUTES_OVERDUE
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.move_meeting import people_of
from shared.contracts.issues import MinutesPublished
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PublishMinutes:
    """Which meeting, and what the chair says about it to everybody."""

    meeting_id: UUID
    summary: str | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def publish_minutes(command: PublishMinutes, uow: IssuesUnitOfWork) -> Meeting:
    """Show the public version; nobody needs to be reminded of it any more."""
    by = command.by
    hidden = masked(command.summary).hidden if command.summary else ()
    if hidden:
        named = "、".join(sorted(kind.words.zh for kind in hidden))
        raise PersonalDataInMinutes(
            f"公开摘要中有：{named}",
            f"The public summary holds: {', '.join(sorted(kind.words.en for kind in hidden))}",
            fields={"summary": ("请去掉个人信息", "leave out personal data")},
        )
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    meeting.publish_minutes(command.summary, by=by.person, at=uow.now())
    await uow.meetings.save(meeting)
    for kind in (MINUTES_DUE, MINUTES_OVERDUE):
        await uow.timers.cancel(kind, meeting.id)
    await uow.publish(
        MinutesPublished(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            published_by=by.person,
            participant_ids=people_of(meeting),
        )
    )
    return meeting
