"""What callers send and read about working together on an issue."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.issues.domain.co_handling import ChildTask, CoHandler, ProgressNote
from services.issues.domain.issue import Issue
from services.issues.domain.words.vocabulary import words
from services.issues.domain.words.work import TaskState
from services.issues.ports.work import SharedWork
from services.issues.schemas.issue_views import Label, View
from shared.http.bodies import LineText, LongText, Moment, StrictBody


class CoHandlerBody(StrictBody):
    """协办单位及其任务。Which organisation does which part."""

    organisation: UUID
    part: LineText = Field(examples=["清运现场垃圾"])


class ReleaseBody(StrictBody):
    """解除协办的理由。Why."""

    reason: LineText


class TaskBody(StrictBody):
    """子任务：做什么、谁做、何时前。What, who, until when."""

    title: LineText = Field(examples=["更换灯头"])
    organisation: UUID
    deadline: Moment


class TaskResultBody(StrictBody):
    """完成情况。What came of it."""

    result: LongText


class TaskReasonBody(StrictBody):
    """取消的理由。Why it is no longer needed."""

    reason: LineText


class ProgressBody(StrictBody):
    """办理进展。How it goes."""

    text: LongText
    public: bool = Field(False, description="诉求人可见。Whether the reporter reads it")


class CoHandlerView(View):
    """An organisation and its part."""

    organisation: UUID
    part: str
    named_at: datetime


class TaskView(View):
    """子任务。A part of the work with its own deadline."""

    id: UUID
    issue_id: UUID
    title: str
    organisation: UUID
    deadline: datetime
    state: TaskState
    state_label: Label
    overdue: bool
    set_at: datetime
    result: str | None
    ended_at: datetime | None

    @classmethod
    def of(cls, task: ChildTask, at: datetime) -> "TaskView":
        """The child task as callers see it."""
        return cls.model_construct(
            id=task.id,
            issue_id=task.issue_id,
            title=task.title,
            organisation=task.organisation,
            deadline=task.deadline,
            state=task.state,
            state_label=Label.of(words(task.state)),
            overdue=task.deadline < (task.ended_at or at),
            set_at=task.set_at,
            result=task.result,
            ended_at=task.ended_at,
        )


class WorkView(View):
    """主办、协办和子任务。Who leads, who does which part, and the child tasks. `version` is that of the issue."""

    issue_id: UUID
    number: str
    responsible_organisation: UUID | None
    co_handlers: list[CoHandlerView]
    tasks: list[TaskView] = Field(description="诉求人看不到子任务内容。Empty for the reporter")
    open_tasks: int
    version: int

    @classmethod
    def of(cls, issue: Issue, work: SharedWork, at: datetime, *, with_tasks: bool = True) -> "WorkView":
        """The work as this reader sees it."""
        return cls.model_construct(
            issue_id=issue.id,
            number=issue.number,
            responsible_organisation=issue.assignment.responsible_organisation if issue.assignment else None,
            co_handlers=[_co_handler(one) for one in work.co_handlers],
            tasks=[TaskView.of(task, at) for task in work.tasks] if with_tasks else [],
            open_tasks=issue.open_tasks,
            version=issue.version,
        )


class ProgressView(View):
    """一条进展。How it went at that moment. Who wrote it is told to staff only."""

    id: UUID
    organisation: UUID | None
    text: str
    public: bool
    at: datetime
    by: UUID | None

    @classmethod
    def of(cls, note: ProgressNote, *, names: bool = True) -> "ProgressView":
        """The note for this reader."""
        return cls.model_construct(
            id=note.id,
            organisation=note.organisation,
            text=note.text,
            public=note.public,
            at=note.at,
            by=note.by if names else None,
        )


def _co_handler(known: CoHandler) -> CoHandlerView:
    return CoHandlerView.model_construct(organisation=known.organisation, part=known.part, named_at=known.named_at)
