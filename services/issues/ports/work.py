"""How the use cases keep who works on an issue beside the lead."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.issues.domain.co_handling import ChildTask, CoHandler, ProgressNote


@dataclass(frozen=True, slots=True)
class SharedWork:
    """Who does which part, and the child tasks, in the order in which they were named and set."""

    co_handlers: tuple[CoHandler, ...]
    tasks: tuple[ChildTask, ...]

    def has_open_tasks(self, organisation: UUID) -> bool:
        """Whether a unit still has something to do."""
        return any(task.organisation == organisation and task.ended_at is None for task in self.tasks)


class WorkStore(Protocol):
    """Co-handlers, child tasks and notes of one community. They are changed together with their issue, whose version guards them."""

    async def of(self, issue_id: UUID) -> SharedWork:
        """Everything about one issue."""
        ...

    async def keep_co_handler(self, issue_id: UUID, co_handler: CoHandler) -> None:
        """Keep an organisation with its part, or its new part."""
        ...

    async def release_co_handler(self, issue_id: UUID, organisation: UUID) -> None:
        """Forget that an organisation does a part; the history knows it."""
        ...

    async def task(self, task_id: UUID, *, issue_id: UUID | None = None) -> ChildTask:
        """A child task (of this issue). Raises TaskNotFound."""
        ...

    async def add_task(self, task: ChildTask) -> None:
        """Keep a new child task."""
        ...

    async def save_task(self, task: ChildTask) -> None:
        """Keep what became of a child task."""
        ...

    async def add_note(self, note: ProgressNote) -> None:
        """Keep a note for ever."""
        ...
