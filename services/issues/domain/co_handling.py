"""主办与协办: one organisation answers for an issue, others do a part of it, with child tasks that have deadlines of their own.

None of this moves the issue, so these are no steps of the transition table; each is written into the history all the same, and an open
child task keeps the lead from resolving (`Condition.TASKS_CLOSED`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.issues.domain.assignment import check_in_future
from services.issues.domain.errors.issues import NotTheirStep
from services.issues.domain.errors.work import CannotShareWork, CoHandlerNotFound, TaskEnded
from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import State, Verb
from services.issues.domain.words.work import TaskState
from shared.ids import new_id
from shared.principal import Principal, Role

MOST_CO_HANDLERS = 10
MOST_TASKS = 50
"""Child tasks of one issue, the ended ones included."""
AT_WORK = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.WAITING, State.DEFERRED})
"""When work can be shared. What was shared before can be finished at any time."""
ENDED = frozenset({State.CLOSED, State.DISMISSED})
OFFICE = frozenset({Role.DUTY_OFFICER, Role.MEETING_CHAIR})
REMIND_AFTER = (timedelta(), timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=14))
"""When an overdue child task reminds, counted from its deadline."""


@dataclass(frozen=True, slots=True)
class CoHandler:
    """An organisation that does a part, and which."""

    organisation: UUID
    part: str
    named_by: UUID
    named_at: datetime


@dataclass(frozen=True, slots=True)
class ChildTask:
    """A part of the work with its own deadline. It changes together with its issue, whose version guards both."""

    id: UUID
    issue_id: UUID
    title: str
    organisation: UUID
    deadline: datetime
    set_by: UUID
    set_at: datetime
    state: TaskState = TaskState.OPEN
    result: str | None = None
    ended_by: UUID | None = None
    ended_at: datetime | None = None
    reminded: int = 0

    def ended(self, state: TaskState, result: str, by: UUID, at: datetime) -> "ChildTask":
        """The task as it ends. Raises TaskEnded for one that has ended already."""
        if self.state is not TaskState.OPEN:
            raise TaskEnded
        return replace(self, state=state, result=result, ended_by=by, ended_at=at)

    def next_reminder(self) -> datetime | None:
        """When it reminds next; None when it has done so often enough."""
        if self.state is not TaskState.OPEN or self.reminded >= len(REMIND_AFTER):
            return None
        return self.deadline + REMIND_AFTER[self.reminded]


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """What somebody who works on it writes down on the way; the reporter reads the public ones."""

    id: UUID
    issue_id: UUID
    organisation: UUID | None
    text: str
    public: bool
    by: UUID
    at: datetime


def works_for(issue: Issue, by: Principal) -> UUID | None:
    """The unit through which this person handles the issue, the lead first; None for everybody else."""
    mine = by.organisations(Role.HANDLER)
    lead = issue.assignment.responsible_organisation if issue.assignment else None
    return lead if lead in mine else next(iter(sorted(mine & issue.co_handlers)), None)


def name_co_handler(issue: Issue, organisation: UUID, part: str, *, by: Principal, at: datetime) -> CoHandler:
    """Let an organisation do a part, or say anew which part."""
    _check_shared_by_office(by)
    _check_at_work(issue)
    if organisation not in issue.co_handlers and len(issue.co_handlers) >= MOST_CO_HANDLERS:
        raise CannotShareWork(f"协办单位最多 {MOST_CO_HANDLERS} 个", f"At most {MOST_CO_HANDLERS} co-handlers")
    if issue.assignment is not None and issue.assignment.responsible_organisation == organisation:
        raise CannotShareWork(
            "该单位已是主办单位",
            "This organisation leads already",
            fields={"organisation": ("已是主办单位", "leads already")},
        )
    issue.co_handlers = issue.co_handlers | {organisation}
    issue.record(Verb.NAME_CO_HANDLER, by, at, note=part, organisation=organisation)
    return CoHandler(organisation, part, by.person, at)


def release_co_handler(
    issue: Issue, organisation: UUID, reason: str, *, has_open_tasks: bool, by: Principal, at: datetime
) -> None:
    """The organisation no longer does a part; its open child tasks must be ended first."""
    _check_shared_by_office(by)
    if organisation not in issue.co_handlers:
        raise CoHandlerNotFound
    if has_open_tasks:
        raise CannotShareWork("该单位还有未完成的子任务", "This organisation still has open child tasks")
    issue.co_handlers = issue.co_handlers - {organisation}
    issue.record(Verb.RELEASE_CO_HANDLER, by, at, note=reason, organisation=organisation)


def set_task(
    issue: Issue, *, title: str, organisation: UUID, deadline: datetime, known: int, by: Principal, at: datetime
) -> ChildTask:
    """Give a unit that works on it a part with a deadline. `known` is how many child tasks there are already."""
    _check_shared_by_lead(issue, by)
    _check_at_work(issue)
    if known >= MOST_TASKS:
        raise CannotShareWork(f"一条诉求最多 {MOST_TASKS} 个子任务", f"At most {MOST_TASKS} child tasks")
    if organisation not in issue.units():
        raise CannotShareWork(
            "子任务只能交给主办或协办单位",
            "Child tasks are for the lead and its co-handlers",
            fields={"organisation": ("不是主办或协办单位", "neither leads nor co-handles")},
        )
    check_in_future(deadline, at, "deadline")
    task = ChildTask(new_id(), issue.id, title, organisation, deadline, by.person, at)
    issue.open_tasks += 1
    issue.record(Verb.SET_TASK, by, at, note=title, task=task.id, organisation=organisation, deadline=deadline)
    return task


def finish_task(issue: Issue, task: ChildTask, result: str, *, by: Principal, at: datetime) -> ChildTask:
    """The part is done; the unit that did it says so, or whoever shared the work."""
    if task.organisation not in by.organisations(Role.HANDLER):
        _check_shared_by_lead(issue, by)
    return _end(issue, task, TaskState.DONE, result, verb=Verb.FINISH_TASK, by=by, at=at)


def cancel_task(issue: Issue, task: ChildTask, reason: str, *, by: Principal, at: datetime) -> ChildTask:
    """The part is no longer needed; whoever shared the work says so."""
    _check_shared_by_lead(issue, by)
    return _end(issue, task, TaskState.CANCELLED, reason, verb=Verb.CANCEL_TASK, by=by, at=at)


def lapse_task(issue: Issue, task: ChildTask, *, by: Principal, at: datetime) -> ChildTask:
    """The issue has ended without the part; nobody waits for it any more."""
    return _end(issue, task, TaskState.CANCELLED, "诉求已结束 the issue has ended", verb=Verb.CANCEL_TASK, by=by, at=at)


def note_progress(issue: Issue, text: str, *, public: bool, by: Principal, at: datetime) -> ProgressNote:
    """Write down how it goes. Units that work on it do, and the office."""
    organisation = works_for(issue, by)
    if organisation is None and by.roles.isdisjoint(OFFICE | {Role.GRID_WORKER}):
        raise NotTheirStep("只有办理单位和社区可以记录进展", "Only units that work on it and the office note progress")
    if issue.state in ENDED:
        raise CannotShareWork("诉求已结束", "The issue has ended")
    return ProgressNote(new_id(), issue.id, organisation, text, public, by.person, at)


def _end(
    issue: Issue, task: ChildTask, state: TaskState, result: str, *, verb: Verb, by: Principal, at: datetime
) -> ChildTask:
    ended = task.ended(state, result, by.person, at)
    issue.open_tasks -= 1
    issue.record(verb, by, at, note=result, task=task.id, organisation=task.organisation)
    return ended


def _check_shared_by_office(by: Principal) -> None:
    if by.roles.isdisjoint(OFFICE):
        raise NotTheirStep("协办单位由社区确定", "The office names co-handlers")


def _check_shared_by_lead(issue: Issue, by: Principal) -> None:
    if by.roles.isdisjoint(OFFICE) and not issue.is_handled_by(by):
        raise NotTheirStep("子任务由主办单位或社区安排", "The lead or the office arranges child tasks")


def _check_at_work(issue: Issue) -> None:
    if issue.assignment is None or issue.state not in AT_WORK:
        raise CannotShareWork("诉求没有在办理中", "Nobody works on this issue just now")
