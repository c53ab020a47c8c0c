"""Finish a job: keep its file and tell whoever asked, together or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.issues.domain.job import JobFile
from services.issues.domain.words.jobs import JobFailure
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import JobFinished
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FinishJob:
    """What came of it under this lease: a file, a result, or why nothing."""

    job_id: UUID
    lease: UUID
    file: JobFile | None = None
    parts: tuple[bytes, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    failure: JobFailure | None = None


@one_transaction
async def finish_job(command: FinishJob, uow: IssuesUnitOfWork) -> bool:
    """False when the job was cancelled or taken over: then nothing is kept and nobody is told."""
    job = await uow.jobs.get(command.job_id)
    if not job.is_held(command.lease):
        return False
    if command.failure is not None:
        job.fail(command.failure, uow.now())
    else:
        job.finish(uow.now(), command.file, command.result)
    await uow.jobs.keep_parts(job, command.parts)
    await uow.jobs.save(job)
    await uow.publish(
        JobFinished(
            job_id=job.id,
            kind=job.kind,
            state=job.state,
            rows=job.rows_done,
            unmasked=job.unmasked,
            asked_by=job.asked_by,
            expires_at=job.expires_at,
        )
    )
    return True
