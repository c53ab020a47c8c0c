"""Expire a job: its file was kept for a day and is taken away."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.words.jobs import JobState
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ExpireJob:
    """Which job."""

    job_id: UUID


@one_transaction
async def expire_job(command: ExpireJob, uow: IssuesUnitOfWork) -> bool:
    """Take the file away, if it is time."""
    job = await uow.jobs.get(command.job_id)
    if job.state is not JobState.DONE or job.expires_at is None or job.expires_at > uow.now():
        return False
    job.expire()
    await uow.jobs.drop_parts(job)
    await uow.jobs.save(job)
    return True
