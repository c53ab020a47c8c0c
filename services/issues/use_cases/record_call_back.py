"""Record a call-back: an attempt to reach the reporter. What they say counts like their own answer."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.limits import CALL_BACKS_BEFORE_CLOSING
from services.issues.domain.words.timers import NOBODY_ANSWERED
from services.issues.facts import about, publish_closed, publish_reopened
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueCalledBack
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordCallBack:
    """Which issue, whether the reporter was reached, and what they said (None: nothing)."""

    issue_id: UUID
    reached: bool
    solved: bool | None
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def record_call_back(command: RecordCallBack, uow: IssuesUnitOfWork) -> Issue:
    """Note a call-back; "solved" closes the issue, "not solved" opens it again."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.call_back(reached=command.reached, solved=command.solved, note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueCalledBack(
            **about(issue),
            called_by=by.person,
            reached=command.reached,
            solved=command.solved,
            unanswered=issue.unanswered,
        )
    )
    if command.solved:
        await publish_closed(issue, by, uow)
    elif command.solved is False:
        await publish_reopened(issue, by, uow)
    elif issue.verify_by is not None and issue.unanswered >= CALL_BACKS_BEFORE_CLOSING:
        await uow.timers.set(NOBODY_ANSWERED, issue.id, issue.verify_by)
    return issue
