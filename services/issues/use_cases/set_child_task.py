"""Set a child task: a unit that works on an issue gets a part of it with a deadline of its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.issue import Issue
from services.issues.facts import lead_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from shared.contracts.issues import ChildTaskSet
from shared.principal import Principal
from shared.transaction import one_transaction

OVERDUE = "child-task-overdue"
"""Kind of the timer of a child task."""


@dataclass(frozen=True, slots=True)
class SetChildTask:
    """What, who, until when."""

    issue_id: UUID
    title: str
    organisation: UUID
    deadline: datetime
    by: Principal
    expected_version: int | None = None


@one_transaction
async def set_child_task(command: SetChildTask, uow: IssuesUnitOfWork) -> tuple[Issue, SharedWork]:
    """Share out a part; until it is ended, the issue cannot be resolved."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    task = co_handling.set_task(
        issue,
        title=command.title,
        organisation=command.organisation,
        deadline=command.deadline,
        known=len((await uow.work.of(issue.id)).tasks),
        by=by,
        at=uow.now(),
    )
    await uow.issues.save(issue)
    await uow.work.add_task(task)
    await uow.timers.set(OVERDUE, task.id, task.deadline)
    await uow.publish(
        ChildTaskSet(
            issue_id=issue.id,
            task_id=task.id,
            number=issue.number,
            category=issue.category,
            organisation=task.organisation,
            due_at=task.deadline,
            set_by=by.person,
            responsible_organisation=lead_of(issue),
        )
    )
    return issue, await uow.work.of(issue.id)
