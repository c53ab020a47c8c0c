"""How units work on a matter together: co-handlers, child tasks, notes on the way."""

from datetime import datetime
from uuid import UUID

from shared.contracts.message import Message


class CoHandlerNamed(Message, type="issues.co_handler_named.v1", aggregate="issue_id"):
    """An organisation does a part of the matter beside the responsible one, or another part than before."""

    issue_id: UUID
    number: str
    category: str
    organisation: UUID
    named_by: UUID
    responsible_organisation: UUID | None = None


class CoHandlerReleased(Message, type="issues.co_handler_released.v1", aggregate="issue_id"):
    """An organisation no longer does a part of the matter."""

    issue_id: UUID
    number: str
    category: str
    organisation: UUID
    released_by: UUID
    responsible_organisation: UUID | None = None


class ChildTaskSet(Message, type="issues.child_task_set.v1", aggregate="issue_id"):
    """A unit that works on the matter got a part of it with a deadline of its own."""

    issue_id: UUID
    task_id: UUID
    number: str
    category: str
    organisation: UUID
    due_at: datetime
    set_by: UUID
    responsible_organisation: UUID | None = None


class ChildTaskDone(Message, type="issues.child_task_done.v1", aggregate="issue_id"):
    """The part is done."""

    issue_id: UUID
    task_id: UUID
    number: str
    category: str
    organisation: UUID
    done_by: UUID
    in_time: bool
    open_tasks: int
    responsible_organisation: UUID | None = None


class ChildTaskCancelled(Message, type="issues.child_task_cancelled.v1", aggregate="issue_id"):
    """The part is no longer needed."""

    issue_id: UUID
    task_id: UUID
    number: str
    category: str
    organisation: UUID
    cancelled_by: UUID
    responsible_organisation: UUID | None = None


class ChildTaskOverdue(Message, type="issues.child_task_overdue.v1", aggregate="issue_id"):
    """The deadline of a part has passed and it is not done; `reminder` counts from 1."""

    issue_id: UUID
    task_id: UUID
    number: str
    category: str
    organisation: UUID
    due_at: datetime
    reminder: int
    responsible_organisation: UUID | None = None


class ProgressNoted(Message, type="issues.progress_noted.v1", aggregate="issue_id"):
    """Somebody who works on the matter wrote down how it goes. The reporter is named only if the note is for them."""

    issue_id: UUID
    number: str
    category: str
    public: bool
    noted_by: UUID
    organisation: UUID | None = None
    reported_by: UUID | None = None
