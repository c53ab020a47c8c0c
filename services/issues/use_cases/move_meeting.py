"""Moves one meeting and tells everybody; what `reschedule_meeting` and the series have in common."""

from datetime import datetime
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.words.meetings import MeetingState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.carry_agenda import announce_new_date, carry_agenda
from shared.contracts.issues import MeetingCancelled, MeetingRescheduled
from shared.principal import Principal


async def move_meeting(
    meeting: Meeting,
    *,
    starts_at: datetime,
    place: str,
    minutes: int,
    reason: str,
    by: Principal,
    uow: IssuesUnitOfWork,
    edited: bool,
) -> None:
    """Another time or place, with the issues on the agenda following."""
    before = meeting.starts_at
    changed = meeting.reschedule(starts_at=starts_at, place=place, minutes=minutes, at=uow.now(), edited=edited)
    await uow.meetings.save(meeting)
    if not changed:
        return
    if meeting.starts_at != before:
        await announce_new_date(meeting, reason, by=by, uow=uow)
    await uow.publish(
        MeetingRescheduled(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            started_before_at=before,
            participant_ids=people_of(meeting),
        )
    )


async def call_off(meeting: Meeting, reason: str, *, by: Principal, uow: IssuesUnitOfWork) -> None:
    """The meeting does not take place; its agenda goes to the next one."""
    if meeting.state is MeetingState.CONVENED:
        await carry_agenda(meeting, reason, by=by, uow=uow)
    meeting.cancel(reason=reason, by=by.person, at=uow.now())
    await uow.meetings.save(meeting)
    await uow.publish(
        MeetingCancelled(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            cancelled_by=by.person,
            participant_ids=people_of(meeting),
        )
    )


def people_of(meeting: Meeting) -> tuple[UUID, ...]:
    """Everybody on the list, once."""
    return tuple(dict.fromkeys(one.person_id for one in meeting.participants))
