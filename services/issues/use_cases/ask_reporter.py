"""Ask the reporter: until the answer, five days at most, T3 stands still."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.limits import TIME_TO_ANSWER
from services.issues.domain.words.timers import ANSWER_OVERDUE
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueQuestionAsked
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AskReporter:
    """Which issue, and the question."""

    issue_id: UUID
    question: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def ask_reporter(command: AskReporter, uow: IssuesUnitOfWork) -> Issue:
    """Send a question and wait for the answer."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    answer_by = now + TIME_TO_ANSWER
    issue.ask(question=command.question, by=by, at=now, answer_by=answer_by)
    await uow.issues.save(issue)
    await uow.timers.set(ANSWER_OVERDUE, issue.id, answer_by)
    await uow.publish(IssueQuestionAsked(**about(issue), asked_by=by.person, answer_by=answer_by))
    return issue
