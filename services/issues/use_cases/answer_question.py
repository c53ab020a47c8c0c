"""Answer a question: the reporter says what was not clear, and the work goes on."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.timers import ANSWER_OVERDUE
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueQuestionAnswered
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Which issue, and the answer."""

    issue_id: UUID
    answer: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def answer_question(command: AnswerQuestion, uow: IssuesUnitOfWork) -> Issue:
    """Let T3 run again."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.answer(answer=command.answer, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.timers.cancel(ANSWER_OVERDUE, issue.id)
    await uow.publish(IssueQuestionAnswered(**about(issue), answered_by=by.person))
    return issue
