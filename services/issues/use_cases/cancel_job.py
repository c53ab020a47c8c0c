"""Cancel a job: whoever asked, or the administrator, no longer wants it. Its worker notices at its next step."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.jobs import JobNotFound
from services.issues.domain.job import Job
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal, Role
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Which job."""

    job_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def cancel_job(command: CancelJob, uow: IssuesUnitOfWork) -> Job:
    """Stop the work; a file that was half made is dropped."""
    job = await uow.jobs.get(command.job_id, expected_version=command.expected_version)
    if job.asked_by != command.by.person and Role.COMMUNITY_ADMIN not in command.by.roles:
        raise JobNotFound
    job.cancel(uow.now())
    await uow.jobs.drop_parts(job)
    await uow.jobs.save(job)
    return job
