"""Finish a child task: the part is done, and what came of it is written down."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.issue import Issue
from services.issues.facts import lead_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from services.issues.use_cases.set_child_task import OVERDUE
from shared.contracts.issues import ChildTaskDone
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FinishChildTask:
    """Which child task, and what came of it."""

    issue_id: UUID
    task_id: UUID
    result: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def finish_child_task(command: FinishChildTask, uow: IssuesUnitOfWork) -> tuple[Issue, SharedWork]:
    """End the part as done."""
    by, now = command.by, uow.now()
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    task = await uow.work.task(command.task_id, issue_id=issue.id)
    ended = co_handling.finish_task(issue, task, command.result, by=by, at=now)
    await uow.issues.save(issue)
    await uow.work.save_task(ended)
    await uow.timers.cancel(OVERDUE, task.id)
    await uow.publish(
        ChildTaskDone(
            issue_id=issue.id,
            task_id=task.id,
            number=issue.number,
            category=issue.category,
            organisation=task.organisation,
            done_by=by.person,
            in_time=now <= task.deadline,
            open_tasks=issue.open_tasks,
            responsible_organisation=lead_of(issue),
        )
    )
    return issue, await uow.work.of(issue.id)
