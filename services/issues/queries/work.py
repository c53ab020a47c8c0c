"""Reading shared work: of one issue, the notes on the way, and the child tasks of a unit by deadline."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.co_handling import ProgressNote, works_for
from services.issues.domain.issue import DISPUTE_READERS, READERS, Issue
from services.issues.domain.words.issues import PRIVATE_KINDS
from services.issues.domain.words.work import TaskState
from services.issues.queries.issues import issue_seen_by
from services.issues.schemas.work import ProgressView, TaskView, WorkView
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.work import child_tasks, progress_notes
from services.issues.storage.work import read_work, task_of
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal, Role

BY_DEADLINE = Keyset((child_tasks.c.deadline, child_tasks.c.id))
NEWEST_FIRST = Keyset((progress_notes.c.id,), descending=True)


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which child tasks a list shows."""

    organisation: UUID | None = None
    state: TaskState = TaskState.OPEN


async def work_on(connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, at: datetime) -> WorkView:
    """Who works on an issue. Raises IssueNotFound."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    work = await read_work(connection, community, issue_id)
    return WorkView.of(issue, work, at, with_tasks=_works_here(issue, by))


async def progress_of(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, page: PageAsked
) -> Page[ProgressView]:
    """Notes on the way, newest first: all for those who work on it, the public ones for the reporter. Raises IssueNotFound."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    inside = _works_here(issue, by)
    statement = select(progress_notes).where(
        progress_notes.c.community == community, progress_notes.c.issue_id == issue_id
    )
    if not inside:
        statement = statement.where(progress_notes.c.public)
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    notes = [ProgressNote(r.id, r.issue_id, r.organisation, r.text, r.public, r.by, r.at) for r in kept]
    items = [ProgressView.of(note, names=inside) for note in notes]
    return Page[ProgressView].model_construct(items=items, next_cursor=cursor)


async def tasks_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: TaskFilter, page: PageAsked, *, at: datetime
) -> Page[TaskView]:
    """Child tasks by deadline, the most urgent first: those of their units for handlers, and of issues that one may read."""
    statement = select(child_tasks).where(
        child_tasks.c.community == community, child_tasks.c.state == wanted.state.value
    )
    if wanted.organisation is not None:
        statement = statement.where(child_tasks.c.organisation == wanted.organisation)
    if by.roles.isdisjoint(DISPUTE_READERS):
        statement = statement.where(_theirs(by))
    rows = (await connection.execute(BY_DEADLINE.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = BY_DEADLINE.cut(rows, limit=page.limit)
    items = [TaskView.of(task_of(row._mapping), at) for row in kept]
    return Page[TaskView].model_construct(items=items, next_cursor=cursor)


def _theirs(by: Principal) -> ColumnElement[bool]:
    own = child_tasks.c.organisation.in_(sorted(by.organisations(Role.HANDLER)))
    if by.roles.isdisjoint(READERS):
        return own
    private = exists().where(
        issues.c.community == child_tasks.c.community,
        issues.c.id == child_tasks.c.issue_id,
        issues.c.kind.in_(sorted(PRIVATE_KINDS)),
    )
    return or_(own, ~private)


def _works_here(issue: Issue, by: Principal) -> bool:
    return bool(by.roles & READERS) or works_for(issue, by) is not None
