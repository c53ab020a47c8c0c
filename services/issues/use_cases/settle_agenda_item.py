"""Keeps the agenda true when an issue leaves it through the office instead of through the meeting."""

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import State
from services.issues.domain.words.meetings import Decision
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal


async def settle_agenda_item(
    issue: Issue, before: State, decision: Decision, *, by: Principal, uow: IssuesUnitOfWork
) -> None:
    """If the issue was waiting on an agenda, note there how it was settled, so that the meeting can be closed."""
    if before is not State.ON_AGENDA or issue.meeting_id is None:
        return
    meeting = await uow.meetings.get(issue.meeting_id, seen_by=None)
    meeting.settle(
        issue.id,
        decision,
        by=by.person,
        at=uow.now(),
        assignment=issue.assignment if decision is Decision.ASSIGNED else None,
        outcome=issue.outcome,
        public_reply=issue.resolution.public_reply if issue.resolution else None,
    )
    await uow.meetings.save(meeting)
