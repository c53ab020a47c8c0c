"""Does long work: a task in every replica that claims one job at a time, under a lease that it renews with every bit of progress.

A process that dies leaves its job to be taken over after a minute; it begins anew (a rebuild goes on where it was). What finishes is
kept together with the news of it, and only by the worker that still holds the lease.
"""

import asyncio
import hashlib
from types import TracebackType
from typing import Self
from uuid import UUID

from services.issues.domain.job import MOST_BYTES, Job, JobFile
from services.issues.domain.words.jobs import JobFailure, JobKind
from services.issues.making.desk import Desk, Lost, Refused
from services.issues.making.evidence import make_evidence
from services.issues.making.issue_export import make_issue_export
from services.issues.making.rebuild import make_rebuild
from services.issues.storage.jobs import outdated_jobs, runnable_jobs
from services.issues.storage.unit_of_work import IssuesUnitOfWorkFactory
from services.issues.use_cases.claim_job import ClaimJob, claim_job
from services.issues.use_cases.expire_job import ExpireJob, expire_job
from services.issues.use_cases.finish_job import FinishJob, finish_job
from shared.clock import Clock
from shared.database.engine import Database
from shared.errors import AppError, ConcurrentChange
from shared.ids import new_id
from shared.messaging.ending import end
from shared.observability.logging import get_logger

log = get_logger("jobs")
PART = 512 * 1024
MAKERS = {
    JobKind.ISSUES: make_issue_export,
    JobKind.EVIDENCE: make_evidence,
    JobKind.REBUILD: make_rebuild,
}


class JobRunner:
    """The worker of one replica. An async context manager for `create_app`."""

    def __init__(
        self,
        unit_of_work: IssuesUnitOfWorkFactory,
        database: Database,
        housekeeping: Database,
        *,
        clock: Clock,
        poll_seconds: float = 1.0,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._database = database
        self._housekeeping = housekeeping
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="issues works on jobs")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; what is half done is taken up again by another replica, or after the next start."""
        if self._task is not None:
            await end([self._task])

    async def work(self) -> int:
        """Do what waits now, oldest first; returns how many jobs were taken up."""
        taken = 0
        now = self._clock.now()
        for community, job_id in await outdated_jobs(self._housekeeping, now):
            await expire_job(ExpireJob(job_id), self._unit_of_work(community, correlation_id=str(job_id)))
        for community, job_id in await runnable_jobs(self._housekeeping, now):
            taken += await self._try(community, job_id)
        return taken

    async def _try(self, community: str, job_id: UUID) -> bool:
        uow = self._unit_of_work(community, correlation_id=str(job_id))
        try:
            job = await claim_job(ClaimJob(job_id, new_id()), uow)
        except ConcurrentChange:
            return False
        if job is None:
            return False
        desk = Desk(job, community, self._unit_of_work, self._database, self._clock)
        try:
            await self._finish(desk, job)
        except Lost:
            log.info("jobs.given_up", kind=job.kind.value)
        return True

    async def _finish(self, desk: Desk, job: Job) -> None:
        try:
            made = await MAKERS[job.kind](desk)
        except Refused as refused:
            await finish_job(FinishJob(job.id, desk.lease, failure=refused.why), desk.unit_of_work())
            return
        if made.content is None:
            await finish_job(FinishJob(job.id, desk.lease, result=made.result), desk.unit_of_work())
            return
        if len(made.content) > MOST_BYTES:
            await finish_job(FinishJob(job.id, desk.lease, failure=JobFailure.TOO_LARGE), desk.unit_of_work())
            return
        file = JobFile(made.name, made.media_type, len(made.content), hashlib.sha256(made.content).hexdigest())
        parts = tuple(made.content[start : start + PART] for start in range(0, len(made.content), PART))
        await finish_job(FinishJob(job.id, desk.lease, file, parts, made.result), desk.unit_of_work())

    async def _run(self) -> None:
        while True:
            try:
                taken = await self.work()
            except AppError as error:
                taken = 0
                log.warning("jobs.postponed", reason=str(error))
            except Exception:
                taken = 0
                log.exception("jobs.failed")
            if not taken:
                await asyncio.sleep(self._poll_seconds)
