"""Cancel a child task: the part is no longer needed."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.issue import Issue
from services.issues.facts import task_cancelled
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from services.issues.use_cases.set_child_task import OVERDUE
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CancelChildTask:
    """Which child task, and why."""

    issue_id: UUID
    task_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def cancel_child_task(command: CancelChildTask, uow: IssuesUnitOfWork) -> tuple[Issue, SharedWork]:
    """End the part without a result."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    task = await uow.work.task(command.task_id, issue_id=issue.id)
    ended = co_handling.cancel_task(issue, task, command.reason, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.work.save_task(ended)
    await uow.timers.cancel(OVERDUE, task.id)
    await uow.publish(task_cancelled(issue, ended, by))
    return issue, await uow.work.of(issue.id)
