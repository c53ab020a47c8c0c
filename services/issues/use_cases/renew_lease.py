"""Renew the lease of a job: its worker says how far it is, and keeps it."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RenewLease:
    """How far the worker with this lease is."""

    job_id: UUID
    lease: UUID
    done: int
    total: int | None


@one_transaction
async def renew_lease(command: RenewLease, uow: IssuesUnitOfWork) -> bool:
    """False when the job was cancelled or taken over: stop at once."""
    job = await uow.jobs.get(command.job_id)
    if not job.is_held(command.lease):
        return False
    job.progress(command.done, command.total, uow.now())
    await uow.jobs.save(job)
    return True
