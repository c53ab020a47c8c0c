"""Co-handlers, child tasks and notes in PostgreSQL."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.co_handling import ChildTask, CoHandler, ProgressNote
from services.issues.domain.errors.work import TaskNotFound
from services.issues.domain.words.work import TaskState
from services.issues.ports.work import SharedWork
from services.issues.storage.tables.work import child_tasks, issue_co_handlers, progress_notes
from shared.database.unit_of_work import UnitOfWork


class PostgresWorkStore:
    """Satisfies `ports.WorkStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def of(self, issue_id: UUID) -> SharedWork:
        """Everything about one issue."""
        return await read_work(await self._uow.connection(), self._uow.community, issue_id)

    async def keep_co_handler(self, issue_id: UUID, co_handler: CoHandler) -> None:
        """Keep an organisation with its part, or its new part."""
        values = {"part": co_handler.part, "named_by": co_handler.named_by, "named_at": co_handler.named_at}
        row = {"community": self._uow.community, "issue_id": issue_id, "organisation": co_handler.organisation}
        await self._uow.execute(
            pg_insert(issue_co_handlers)
            .values(**row, **values)
            .on_conflict_do_update(index_elements=["community", "issue_id", "organisation"], set_=values)
        )

    async def release_co_handler(self, issue_id: UUID, organisation: UUID) -> None:
        """Forget that an organisation does a part."""
        await self._uow.execute(
            delete(issue_co_handlers).where(
                issue_co_handlers.c.community == self._uow.community,
                issue_co_handlers.c.issue_id == issue_id,
                issue_co_handlers.c.organisation == organisation,
            )
        )

    async def task(self, task_id: UUID, *, issue_id: UUID | None = None) -> ChildTask:
        """A child task."""
        statement = select(child_tasks).where(
            child_tasks.c.community == self._uow.community, child_tasks.c.id == task_id
        )
        if issue_id is not None:
            statement = statement.where(child_tasks.c.issue_id == issue_id)
        row = (await self._uow.execute(statement)).mappings().first()
        if row is None:
            raise TaskNotFound
        return task_of(row)

    async def add_task(self, task: ChildTask) -> None:
        """Keep a new child task."""
        await self._uow.execute(insert(child_tasks), {"community": self._uow.community, **_task_row(task)})

    async def save_task(self, task: ChildTask) -> None:
        """Keep what became of a child task."""
        await self._uow.execute(
            update(child_tasks)
            .where(child_tasks.c.community == self._uow.community, child_tasks.c.id == task.id)
            .values({name: value for name, value in _task_row(task).items() if name != "id"})
        )

    async def add_note(self, note: ProgressNote) -> None:
        """Keep a note for ever."""
        await self._uow.execute(
            insert(progress_notes),
            {
                "community": self._uow.community,
                "issue_id": note.issue_id,
                "id": note.id,
                "organisation": note.organisation,
                "text": note.text,
                "public": note.public,
                "by": note.by,
                "at": note.at,
            },
        )


async def read_work(connection: AsyncConnection, community: str, issue_id: UUID) -> SharedWork:
    """Co-handlers and child tasks of an issue. Both are few by rule."""
    named = await connection.execute(
        select(issue_co_handlers)
        .where(issue_co_handlers.c.community == community, issue_co_handlers.c.issue_id == issue_id)
        .order_by(issue_co_handlers.c.named_at, issue_co_handlers.c.organisation)
    )
    tasks = await connection.execute(
        select(child_tasks)
        .where(child_tasks.c.community == community, child_tasks.c.issue_id == issue_id)
        .order_by(child_tasks.c.id)
    )
    return SharedWork(
        tuple(CoHandler(row.organisation, row.part, row.named_by, row.named_at) for row in named),
        tuple(task_of(row) for row in tasks.mappings()),
    )


def task_of(row: RowMapping) -> ChildTask:
    """The child task of a row."""
    values = {name: row[name] for name in _TASK_FIELDS}
    return ChildTask(**{**values, "state": TaskState(row["state"])})


_TASK_FIELDS = tuple(column.name for column in child_tasks.c if column.name != "community")


def _task_row(task: ChildTask) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _TASK_FIELDS} | {"state": task.state.value}
