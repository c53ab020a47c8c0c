"""Place an issue on the next agenda by itself: it came again at the same place within 90 days, or its time is over, and it still waits."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.limits import TIME_FOR_THE_OFFICE
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.issues import State, Tier
from services.issues.domain.words.meetings import MeetingKind
from services.issues.domain.words.timers import GOES_ON_AGENDA
from services.issues.facts import placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction

DISCUSSED = frozenset({Tier.GENERAL, Tier.COMPLEX})
"""What is dangerous or cut off does not wait for a meeting."""
KINDS = (MeetingKind.ROUNDTABLE, MeetingKind.WEDNESDAY)


@dataclass(frozen=True, slots=True)
class PlaceOnNextAgenda:
    """Which issue."""

    issue_id: UUID


@one_transaction
async def place_on_next_agenda(command: PlaceOnNextAgenda, uow: IssuesUnitOfWork) -> Issue:
    """Let the platform put it on the agenda. Left alone: what is in somebody's hands or confidential. While no meeting lies ahead, it waits."""
    now = uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=PLATFORM)
    if issue.state is not State.ACCEPTED or issue.is_confidential() or issue.tier not in DISCUSSED:
        return issue
    if issue.awaits_subdistrict:
        return issue
    ahead = [meeting for kind in KINDS for meeting in await uow.meetings.upcoming(kind, now)]
    if not ahead:
        await uow.timers.set(GOES_ON_AGENDA, issue.id, now + TIME_FOR_THE_OFFICE)
        return issue
    meeting = min(ahead, key=lambda one: (one.starts_at, one.id))
    issue.place_on_agenda(meeting_id=meeting.id, discussed_at=meeting.starts_at, by=PLATFORM, at=now)
    meeting.add_item(issue.id, by=PLATFORM, at=now)
    await uow.meetings.save(meeting)  # meetings before issues, everywhere: nobody waits in a circle
    await uow.issues.save(issue)
    await uow.publish(placed_on_agenda(issue, meeting))
    return issue
