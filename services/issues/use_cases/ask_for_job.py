"""Ask for long work: an export, an evidence pack, a rebuild. A worker takes it up within seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.issues.domain.errors.jobs import NotUnmasked, PurposeMissing, TooManyJobs
from services.issues.domain.job import Job
from services.issues.domain.words.jobs import JobKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal, Role
from shared.transaction import one_transaction

MOST_WAITING = 20
UNMASKED_BY = frozenset({Role.SECRETARY, Role.COMMUNITY_ADMIN})
"""Who may take personal data out of the platform as it was written; the purpose is kept."""


@dataclass(frozen=True, slots=True)
class AskForJob:
    """What is wanted, and by whom."""

    kind: JobKind
    wanted: Mapping[str, Any]
    by: Principal
    unmasked: bool = False
    purpose: str | None = None


@one_transaction
async def ask_for_job(command: AskForJob, uow: IssuesUnitOfWork) -> Job:
    """Queue the work."""
    if command.unmasked:
        if command.by.roles.isdisjoint(UNMASKED_BY):
            raise NotUnmasked
        if not command.purpose:
            raise PurposeMissing(fields={"purpose": ("请填写用途", "say what it is for")})
    if await uow.jobs.waiting() >= MOST_WAITING:
        raise TooManyJobs(retry_after_seconds=60)
    job = Job(
        id=new_id(),
        kind=command.kind,
        asked_by=command.by.person,
        asked_at=uow.now(),
        wanted=command.wanted,
        unmasked=command.unmasked,
        purpose=command.purpose,
    )
    await uow.jobs.add(job)
    return job
