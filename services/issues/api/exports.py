"""Exports and other long work: asked for, watched, fetched, cancelled."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.api.reports import Now
from services.issues.domain.errors.jobs import (
    FileGone,
    JobNotDone,
    JobNotFound,
    JobOver,
    NotUnmasked,
    PurposeMissing,
    TooManyJobs,
)
from services.issues.domain.words.jobs import JobKind
from services.issues.permissions import Action
from services.issues.queries.jobs import check_file_seen_by, file_parts, job_seen_by, jobs_seen_by
from services.issues.schemas.jobs import CancelJobBody, ExportBody, JobView
from services.issues.use_cases.ask_for_job import AskForJob, ask_for_job
from services.issues.use_cases.cancel_job import CancelJob, cancel_job
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["exports"])
Exporter = Annotated[Principal, allow(Action.EXPORT)]
NOTHING = CancelJobBody()


@router.post(
    "/exports",
    status_code=202,
    response_model=JobView,
    responses=problems(NotUnmasked, PurposeMissing, TooManyJobs),
)
async def ask_for_export(community: Community, body: ExportBody, who: Exporter, uow: Uow) -> Response:
    """导出诉求台账（Excel）或佐证材料包；默认脱敏。Ask for a list of issues or an evidence pack; masked unless permitted."""
    wanted = body.model_dump(mode="json", exclude={"kind", "unmasked", "purpose"}, exclude_none=True)
    return await _asked(AskForJob(JobKind(body.kind), wanted, who, body.unmasked, body.purpose), uow, community)


@router.post("/reports/rebuilds", status_code=202, response_model=JobView, responses=problems(TooManyJobs))
async def ask_for_rebuild(
    community: Community, who: Annotated[Principal, allow(Action.REBUILD_REPORTS)], uow: Uow
) -> Response:
    """由办理经过重算全部报表；进度见任务。Make all counts anew from the history; the job shows the progress."""
    return await _asked(AskForJob(JobKind.REBUILD, {}, who), uow, community)


@router.get("/exports", response_model=Page[JobView])
async def list_exports(community: Community, who: Exporter, reading: Reading, page: PageQuery) -> Response:
    """本人的导出任务，新的在前；管理员看全部。One's own jobs, newest first; the administrator sees all."""
    async with reading as connection:
        jobs, cursor = await jobs_seen_by(connection, community, who, page)
    items = [JobView.of(job, community) for job in jobs]
    return shown(Page[JobView].model_construct(items=items, next_cursor=cursor))


@router.get("/exports/{job_id}", response_model=JobView, responses=problems(JobNotFound))
async def read_export(community: Community, job_id: UUID, who: Exporter, reading: Reading) -> Response:
    """任务进度。How far a job is."""
    async with reading as connection:
        return shown(JobView.of(await job_seen_by(connection, community, job_id, who), community))


@router.get("/exports/{job_id}/file", responses=problems(JobNotFound, JobNotDone, FileGone))
async def download(community: Community, job_id: UUID, who: Exporter, reading: Reading, clock: Now) -> Response:
    """下载文件，24小时内有效；未脱敏的只限申请人。The file, for 24 hours; unmasked only for whoever asked."""
    async with reading as connection:
        job = await job_seen_by(connection, community, job_id, who)
        check_file_seen_by(job, who)
        file = job.file_at(clock.now())
        content = b"".join(await file_parts(connection, community, job))
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Cache-Control": "private, no-store",
        "X-Content-SHA256": file.sha256,
    }
    return Response(content, media_type=file.media_type, headers=headers)


@router.post(
    "/exports/{job_id}/cancel", response_model=JobView, responses=problems(JobNotFound, JobOver, ConcurrentChange)
)
async def cancel(
    *, community: Community, job_id: UUID, who: Exporter, uow: Uow, if_match: IfMatch, _body: CancelJobBody = NOTHING
) -> Response:
    """取消任务。Cancel a job."""
    work = cancel_job(CancelJob(job_id, who, if_match), uow)
    return await answered(work, uow, view=lambda job: JobView.of(job, community))


async def _asked(command: AskForJob, uow: Uow, community: str) -> Response:
    base = f"/api/v1/communities/{community}/exports"
    return await answered(
        ask_for_job(command, uow),
        uow,
        view=lambda job: JobView.of(job, community),
        status=202,
        location=lambda job: f"{base}/{job.id}",
    )
