"""Puts a matter on record and on the agenda of a meeting in one go: what is said at the table is taken in at once (practice 12)."""

from services.issues.domain.issue import Issue
from services.issues.domain.meeting import Meeting
from services.issues.domain.platform import PLATFORM
from services.issues.facts import accepted, placed_on_agenda
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue, put_issue_on_record


async def put_on_the_table(report: ReportIssue, meeting: Meeting, uow: IssuesUnitOfWork) -> Issue:
    """The platform accepts it with the tier of its category and places it behind the others; the history says so."""
    meeting.refuse_if_over()

    def take_in(issue: Issue) -> None:
        issue.accept(tier=issue.severity, by=PLATFORM, at=uow.now(), note="会上提出，当即受理")
        issue.place_on_agenda(meeting_id=meeting.id, discussed_at=meeting.starts_at, by=PLATFORM, at=uow.now())

    issue = await put_issue_on_record(report, uow, then=take_in)
    meeting.add_item(issue.id, by=report.by, at=uow.now())
    await uow.meetings.save(meeting)
    await uow.publish(accepted(issue))
    await uow.publish(placed_on_agenda(issue, meeting))
    return issue
