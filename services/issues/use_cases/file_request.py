"""File a request: a partner's program posts a matter by Open311, which has no way to say that it asks for the second time."""

from dataclasses import dataclass

from services.issues.domain.issue import Issue
from services.issues.domain.open311 import TWIN_WITHIN
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue, put_issue_on_record
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FileRequest:
    """What the program reports."""

    report: ReportIssue


@one_transaction
async def file_request(command: FileRequest, uow: IssuesUnitOfWork) -> Issue:
    """Put it on record, unless the same program said the same of the same place just now: then that issue is the answer."""
    report = command.report
    since = uow.now() - TWIN_WITHIN
    twin = await uow.issues.twin_of(report.by.person, report.category, report.text, report.place, since=since)
    return twin or await put_issue_on_record(report, uow)
