"""Resume an issue: nobody answered in five days, so the platform lets the work go on."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.issues import Verb
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueResumed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ResumeIssue:
    """Which issue."""

    issue_id: UUID


@one_transaction
async def resume_issue(command: ResumeIssue, uow: IssuesUnitOfWork) -> Issue:
    """Let T3 run again. An issue that no longer waits, or waits for a newer question, is left alone."""
    issue = await uow.issues.get(command.issue_id, seen_by=PLATFORM)
    if issue.refusal(Verb.RESUME, PLATFORM, uow.now()) is None:
        issue.resume(by=PLATFORM, at=uow.now())
        await uow.issues.save(issue)
        await uow.publish(IssueResumed(**about(issue), due_at=issue.solve_by))
    return issue
