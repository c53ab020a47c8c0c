"""Co-handlers, child tasks and notes in memory."""

from uuid import UUID

from services.issues.domain.co_handling import ChildTask, CoHandler, ProgressNote
from services.issues.domain.errors.work import TaskNotFound
from services.issues.ports.work import SharedWork


class MemoryWork:
    """Satisfies `ports.WorkStore`."""

    def __init__(self) -> None:
        self.co_handlers: dict[tuple[UUID, UUID], CoHandler] = {}
        self.tasks: dict[UUID, ChildTask] = {}
        self.notes: list[ProgressNote] = []

    async def of(self, issue_id: UUID) -> SharedWork:
        """Everything about one issue."""
        named = [one for (known, _), one in self.co_handlers.items() if known == issue_id]
        return SharedWork(
            tuple(sorted(named, key=lambda one: (one.named_at, one.organisation))),
            tuple(task for _, task in sorted(self.tasks.items()) if task.issue_id == issue_id),
        )

    async def keep_co_handler(self, issue_id: UUID, co_handler: CoHandler) -> None:
        """Keep an organisation with its part."""
        self.co_handlers[issue_id, co_handler.organisation] = co_handler

    async def release_co_handler(self, issue_id: UUID, organisation: UUID) -> None:
        """Forget it."""
        self.co_handlers.pop((issue_id, organisation), None)

    async def task(self, task_id: UUID, *, issue_id: UUID | None = None) -> ChildTask:
        """A child task."""
        task = self.tasks.get(task_id)
        if task is None or issue_id not in (None, task.issue_id):
            raise TaskNotFound
        return task

    async def add_task(self, task: ChildTask) -> None:
        """Keep a new child task."""
        self.tasks[task.id] = task

    async def save_task(self, task: ChildTask) -> None:
        """Keep what became of it."""
        self.tasks[task.id] = task

    async def add_note(self, note: ProgressNote) -> None:
        """Keep a note."""
        self.notes.append(note)
