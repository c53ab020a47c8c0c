"""Raise a matter at the table: filed inside the meeting, by somebody present or for somebody spoken for (practice 12)."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import Source
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue
from services.issues.use_cases.put_on_the_table import put_on_the_table
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RaiseAtTable:
    """At which meeting, and what."""

    meeting_id: UUID
    report: ReportIssue


@one_transaction
async def raise_at_table(command: RaiseAtTable, uow: IssuesUnitOfWork) -> Issue:
    """Put it on record with the meeting as its source, and on the agenda."""
    report = command.report
    meeting = await uow.meetings.get(command.meeting_id, seen_by=report.by)
    told = replace(report.told, source=Source.MEETING, origin_id=meeting.id)
    return await put_on_the_table(replace(report, told=told), meeting, uow)
