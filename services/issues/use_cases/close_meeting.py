"""Close a meeting: only when every item has left it properly; the agreed assignments take effect now (practice 17)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_assigned
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MeetingClosed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    """Which meeting."""

    meeting_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def close_meeting(command: CloseMeeting, uow: IssuesUnitOfWork) -> Meeting:
    """End a meeting and hand its countermeasures to those responsible."""
    by, now = command.by, uow.now()
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    assigned = meeting.close(by=by, at=now)
    await uow.meetings.save(meeting)
    for item in sorted(assigned, key=lambda item: item.issue_id):
        issue = await uow.issues.get(item.issue_id, seen_by=by)
        issue.assign(item.assignment(), by=by, at=now)
        await uow.issues.save(issue)
        await publish_assigned(issue, uow)
    await uow.publish(
        MeetingClosed(
            meeting_id=meeting.id,
            kind=meeting.kind,
            resolved_on_the_spot=meeting.count(Decision.RESOLVED),
            assigned=meeting.count(Decision.ASSIGNED),
            declined=meeting.count(Decision.DECLINED),
            postponed=meeting.count(Decision.POSTPONED),
            participant_ids=tuple(dict.fromkeys(participant.person_id for participant in meeting.participants)),
        )
    )
    return meeting
