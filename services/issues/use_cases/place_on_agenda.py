"""Place an issue on an agenda: it will be discussed at a dated meeting (practice 13)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.platform import is_platform
from services.issues.facts import placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PlaceOnAgenda:
    """Which issue, and at which meeting."""

    issue_id: UUID
    meeting_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def place_on_agenda(command: PlaceOnAgenda, uow: IssuesUnitOfWork) -> Issue:
    """Have an issue discussed at a meeting that is not closed."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    meeting = await uow.meetings.get(command.meeting_id, seen_by=None if is_platform(by) else by)
    issue.place_on_agenda(meeting_id=meeting.id, discussed_at=meeting.starts_at, by=by, at=now)
    meeting.add_item(issue.id, by=by, at=now)
    await uow.meetings.save(meeting)  # meetings before issues, everywhere: nobody waits in a circle
    await uow.issues.save(issue)
    await uow.publish(placed_on_agenda(issue, meeting))
    return issue
