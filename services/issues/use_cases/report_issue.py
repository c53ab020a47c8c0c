"""Report an issue: a resident calls, the matter is on record, the receipt with its number comes at once."""

from services.issues.domain.issue import Issue
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue, put_issue_on_record
from shared.transaction import one_transaction

__all__ = ["ReportIssue", "report_issue"]


@one_transaction
async def report_issue(command: ReportIssue, uow: IssuesUnitOfWork) -> Issue:
    """Put a matter on record."""
    return await put_issue_on_record(command, uow)
