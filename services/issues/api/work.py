"""主办与协办: co-handlers, child tasks, notes on the way."""

from collections.abc import Awaitable
from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Now, Uow
from services.issues.domain.errors.issues import IssueNotFound, NotTheirStep
from services.issues.domain.errors.master_data import UnknownOrganisation
from services.issues.domain.errors.moments import DateNotInFuture
from services.issues.domain.errors.work import CannotShareWork, CoHandlerNotFound, TaskEnded, TaskNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.words.work import TaskState
from services.issues.permissions import Action
from services.issues.ports.work import SharedWork
from services.issues.queries.work import TaskFilter, progress_of, tasks_seen_by, work_on
from services.issues.schemas.work import (
    CoHandlerBody,
    ProgressBody,
    ProgressView,
    ReleaseBody,
    TaskBody,
    TaskReasonBody,
    TaskResultBody,
    TaskView,
    WorkView,
)
from services.issues.use_cases.cancel_child_task import CancelChildTask, cancel_child_task
from services.issues.use_cases.finish_child_task import FinishChildTask, finish_child_task
from services.issues.use_cases.name_co_handler import NameCoHandler, name_co_handler
from services.issues.use_cases.note_progress import NoteProgress, note_progress
from services.issues.use_cases.release_co_handler import ReleaseCoHandler, release_co_handler
from services.issues.use_cases.set_child_task import SetChildTask, set_child_task
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["work"])
Office = Annotated[Principal, allow(Action.NAME_CO_HANDLER)]
Lead = Annotated[Principal, allow(Action.SHARE_WORK)]
Worker = Annotated[Principal, allow(Action.NOTE_PROGRESS)]
SHARING = (IssueNotFound, NotTheirStep, CannotShareWork, ConcurrentChange)


@router.get("/issues/tasks", response_model=Page[TaskView])
async def list_tasks(
    *,
    community: Community,
    who: Annotated[Principal, allow(Action.NOTE_PROGRESS)],
    reading: Reading,
    page: PageQuery,
    now: Now,
    organisation: UUID | None = None,
    state: TaskState = TaskState.OPEN,
) -> Response:
    """子任务列表，最急的在前；经办人看到本单位的。By deadline; handlers see those of their units."""
    async with reading as connection:
        return shown(await tasks_seen_by(connection, community, who, TaskFilter(organisation, state), page, at=now))


@router.get("/issues/{issue_id}/work", response_model=WorkView, responses=problems(IssueNotFound))
async def read_work(community: Community, issue_id: UUID, who: IssueReader, reading: Reading, now: Now) -> Response:
    """主办、协办和子任务。Who leads, who does which part, and the child tasks."""
    async with reading as connection:
        return shown(await work_on(connection, community, issue_id, who, now))


@router.post(
    "/issues/{issue_id}/co-handlers", response_model=WorkView, responses=problems(*SHARING, UnknownOrganisation)
)
async def name_unit(issue_id: UUID, body: CoHandlerBody, who: Office, uow: Uow, if_match: IfMatch) -> Response:
    """确定协办单位及其任务，或修改任务。Name a co-handler and its part, or say anew which part."""
    return await _shared(
        name_co_handler(NameCoHandler(issue_id, body.organisation, body.part, who, if_match), uow), uow
    )


@router.post(
    "/issues/{issue_id}/co-handlers/{organisation}/release",
    response_model=WorkView,
    responses=problems(*SHARING, CoHandlerNotFound),
)
async def release_unit(
    *, issue_id: UUID, organisation: UUID, body: ReleaseBody, who: Office, uow: Uow, if_match: IfMatch
) -> Response:
    """解除协办。Release a co-handler; its open child tasks must be ended first."""
    command = ReleaseCoHandler(issue_id, organisation, body.reason, who, if_match)
    return await _shared(release_co_handler(command, uow), uow)


@router.post("/issues/{issue_id}/tasks", response_model=WorkView, responses=problems(*SHARING, DateNotInFuture))
async def set_a_task(issue_id: UUID, body: TaskBody, who: Lead, uow: Uow, if_match: IfMatch) -> Response:
    """安排子任务。Share out a part; until it is ended, the issue cannot be resolved."""
    command = SetChildTask(issue_id, body.title, body.organisation, body.deadline, who, if_match)
    return await _shared(set_child_task(command, uow), uow)


@router.post(
    "/issues/{issue_id}/tasks/{task_id}/finish",
    response_model=WorkView,
    responses=problems(*SHARING, TaskNotFound, TaskEnded),
)
async def finish_a_task(
    *, issue_id: UUID, task_id: UUID, body: TaskResultBody, who: Lead, uow: Uow, if_match: IfMatch
) -> Response:
    """完成子任务并写明结果。The part is done, and what came of it."""
    return await _shared(finish_child_task(FinishChildTask(issue_id, task_id, body.result, who, if_match), uow), uow)


@router.post(
    "/issues/{issue_id}/tasks/{task_id}/cancel",
    response_model=WorkView,
    responses=problems(*SHARING, TaskNotFound, TaskEnded),
)
async def cancel_a_task(
    *, issue_id: UUID, task_id: UUID, body: TaskReasonBody, who: Lead, uow: Uow, if_match: IfMatch
) -> Response:
    """取消子任务。The part is no longer needed."""
    return await _shared(cancel_child_task(CancelChildTask(issue_id, task_id, body.reason, who, if_match), uow), uow)


@router.post(
    "/issues/{issue_id}/progress",
    status_code=201,
    response_model=ProgressView,
    responses=problems(IssueNotFound, NotTheirStep, CannotShareWork),
)
async def add_progress(issue_id: UUID, body: ProgressBody, who: Worker, uow: Uow) -> Response:
    """记录进展，可选择让诉求人看到。Note how it goes; the reporter reads what is public."""
    work = note_progress(NoteProgress(issue_id, body.text, body.public, who), uow)
    return await answered(work, uow, view=ProgressView.of, status=201)


@router.get("/issues/{issue_id}/progress", response_model=Page[ProgressView], responses=problems(IssueNotFound))
async def list_progress(
    community: Community, issue_id: UUID, who: IssueReader, reading: Reading, page: PageQuery
) -> Response:
    """办理进展，新的在前；诉求人只看到公开的。Newest first; the reporter reads the public ones."""
    async with reading as connection:
        return shown(await progress_of(connection, community, issue_id, who, page))


async def _shared(work: Awaitable[tuple[Issue, SharedWork]], uow: Uow) -> Response:
    return await answered(work, uow, view=lambda it: WorkView.of(it[0], it[1], uow.now()))
