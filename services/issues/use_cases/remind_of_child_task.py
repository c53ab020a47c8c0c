"""Remind of a child task whose deadline has passed; one whose issue has ended meanwhile lapses."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.co_handling import ENDED, lapse_task
from services.issues.domain.platform import PLATFORM
from services.issues.domain.words.work import TaskState
from services.issues.facts import lead_of, task_cancelled
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.set_child_task import OVERDUE
from shared.contracts.issues import ChildTaskOverdue
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RemindOfChildTask:
    """Which child task."""

    task_id: UUID


@one_transaction
async def remind_of_child_task(command: RemindOfChildTask, uow: IssuesUnitOfWork) -> None:
    """Tell the unit, the lead and the office, and set the next reminder."""
    task = await uow.work.task(command.task_id)
    if task.state is not TaskState.OPEN:
        return
    issue = await uow.issues.get(task.issue_id, seen_by=None)
    if issue.state in ENDED:
        ended = lapse_task(issue, task, by=PLATFORM, at=uow.now())
        await uow.issues.save(issue)
        await uow.work.save_task(ended)
        await uow.publish(task_cancelled(issue, ended, PLATFORM))
        return
    task = replace(task, reminded=task.reminded + 1)
    await uow.work.save_task(task)
    again = task.next_reminder()
    if again is not None:
        await uow.timers.set(OVERDUE, task.id, again)
    await uow.publish(
        ChildTaskOverdue(
            issue_id=issue.id,
            task_id=task.id,
            number=issue.number,
            category=issue.category,
            organisation=task.organisation,
            due_at=task.deadline,
            reminder=task.reminded,
            responsible_organisation=lead_of(issue),
        )
    )
