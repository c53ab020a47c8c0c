"""Claim a job: a worker takes it, or takes it over from one that was not heard of for a minute. It begins anew."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.job import Job
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ClaimJob:
    """Which job, and the lease under which this worker will hold it."""

    job_id: UUID
    lease: UUID


@one_transaction
async def claim_job(command: ClaimJob, uow: IssuesUnitOfWork) -> Job | None:
    """The job, if it is there to be taken. Raises ConcurrentChange when another worker was faster."""
    job = await uow.jobs.get(command.job_id)
    if not job.can_be_claimed(uow.now()):
        return None
    claimed = job.claim(command.lease, uow.now())
    await uow.jobs.drop_parts(job)
    await uow.jobs.save(job)
    return job if claimed else None
