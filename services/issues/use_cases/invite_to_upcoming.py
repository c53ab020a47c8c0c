"""Invites somebody new on the roster to the meetings of the kind that are convened already."""

from services.issues.domain.meeting import Participant
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.clock import CHINA
from shared.contracts.issues import MeetingInvitationSent


async def invite_to_upcoming(entry: RosterEntry, uow: IssuesUnitOfWork) -> None:
    """Put the person on the list of each meeting of their term that lies ahead, and tell them of it."""
    for meeting in await uow.meetings.upcoming(entry.kind, uow.now()):
        participant = Participant(entry.person_id, entry.seat)
        if not entry.sits_on(meeting.starts_at.astimezone(CHINA).date()) or participant in meeting.participants:
            continue
        told_before = meeting.is_invited(entry.person_id)
        await uow.meetings.invite(meeting.id, (participant,))
        if not told_before:
            await uow.publish(
                MeetingInvitationSent(
                    meeting_id=meeting.id,
                    kind=meeting.kind,
                    starts_at=meeting.starts_at,
                    participant_ids=(entry.person_id,),
                )
            )
