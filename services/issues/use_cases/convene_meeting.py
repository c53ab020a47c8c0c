"""Convene a meeting: date, place and who sits at the table. The standing roster is invited by itself (practice 11)."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.roster import invited_by
from services.issues.domain.words.meetings import MeetingKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.clock import CHINA
from shared.contracts.issues import MeetingConvened
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ConveneMeeting:
    """What sort of meeting, when, where, with whom beside the standing roster."""

    kind: MeetingKind
    starts_at: datetime
    place: str
    participants: tuple[Participant, ...]
    by: Principal
    invite_roster: bool = True


@one_transaction
async def convene_meeting(command: ConveneMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """Fix a meeting that lies ahead, with members of the community at the table."""
    invited = command.participants
    await uow.directory.check_members(tuple(dict.fromkeys(one.person_id for one in invited)))
    if command.invite_roster:
        day = command.starts_at.astimezone(CHINA).date()
        invited = tuple(dict.fromkeys((*invited, *invited_by(await uow.roster.on(command.kind, day), day))))
    meeting = Meeting.convene(
        meeting_id=new_id(),
        kind=command.kind,
        starts_at=command.starts_at,
        place=command.place,
        participants=invited,
        by=command.by,
        at=uow.now(),
    )
    await uow.meetings.add(meeting)
    await uow.publish(
        MeetingConvened(
            meeting_id=meeting.id,
            kind=meeting.kind,
            starts_at=meeting.starts_at,
            participant_ids=tuple(dict.fromkeys(one.person_id for one in meeting.participants)),
        )
    )
    return meeting
