"""Convene a meeting: date, place and who sits at the table."""

from dataclasses import dataclass
from datetime import datetime

from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.words.meetings import MeetingKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MeetingConvened
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ConveneMeeting:
    """What sort of meeting, when, where, with whom."""

    kind: MeetingKind
    starts_at: datetime
    place: str
    participants: tuple[Participant, ...]
    by: Principal


@one_transaction
async def convene_meeting(command: ConveneMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """Fix a meeting that lies ahead, with members of the community at the table."""
    meeting = Meeting.convene(
        meeting_id=new_id(),
        kind=command.kind,
        starts_at=command.starts_at,
        place=command.place,
        participants=command.participants,
        by=command.by,
        at=uow.now(),
    )
    people = tuple(dict.fromkeys(participant.person_id for participant in meeting.participants))
    await uow.directory.check_members(people)
    await uow.meetings.add(meeting)
    await uow.publish(
        MeetingConvened(meeting_id=meeting.id, kind=meeting.kind, starts_at=meeting.starts_at, participant_ids=people)
    )
    return meeting
