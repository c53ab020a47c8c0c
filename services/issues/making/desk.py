"""Where a maker works: its job, the community's data for reading, and the progress that keeps its lease."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.issues.domain.job import Job
from services.issues.domain.words.jobs import JobFailure
from services.issues.storage.unit_of_work import IssuesUnitOfWorkFactory, PostgresIssuesUnitOfWork
from services.issues.use_cases.renew_lease import RenewLease, renew_lease
from shared.clock import Clock
from shared.database.engine import Database


class Lost(Exception):
    """The job was cancelled, or another worker holds it."""


class Refused(Exception):
    """It cannot be made as it was asked for."""

    def __init__(self, why: JobFailure) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: a file, or only a result."""

    content: bytes | None = None
    name: str = ""
    media_type: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """One job in the hands of one worker."""

    job: Job
    community: str
    units_of_work: IssuesUnitOfWorkFactory
    database: Database
    clock: Clock

    @property
    def lease(self) -> UUID:
        """The lease of this worker."""
        if self.job.lease is None:
            raise RuntimeError("a job at a desk has been claimed")
        return self.job.lease

    def unit_of_work(self) -> PostgresIssuesUnitOfWork:
        """A transaction of the community."""
        return self.units_of_work(self.community, correlation_id=str(self.job.id))

    def reading(self, *, one_moment: bool = False) -> AbstractAsyncContextManager[Any]:
        """A read-only transaction of the community; on demand one in which nothing changes meanwhile."""
        return self.database.reading(self.community, one_moment=one_moment)

    async def progress(self, done: int, total: int | None) -> None:
        """Say how far it is. Raises Lost."""
        if not await renew_lease(RenewLease(self.job.id, self.lease, done, total), self.unit_of_work()):
            raise Lost
