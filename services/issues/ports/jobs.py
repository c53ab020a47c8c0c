"""How the use cases keep long work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.job import Job
from services.issues.domain.words.jobs import JobKind


class JobStore(Protocol):
    """The long work of one community."""

    async def get(self, job_id: UUID, *, expected_version: int | None = None) -> Job:
        """The job. Raises JobNotFound or PreconditionFailed."""
        ...

    async def add(self, job: Job) -> None:
        """Keep a new job."""
        ...

    async def save(self, job: Job) -> None:
        """Keep a changed job. Raises ConcurrentChange."""
        ...

    async def waiting(self) -> int:
        """How many are not finished yet."""
        ...

    async def was_asked_since(self, kind: JobKind, by: UUID, since: datetime) -> bool:
        """Whether this person asked for such work since then."""
        ...

    async def keep_parts(self, job: Job, parts: Sequence[bytes]) -> None:
        """Keep the file of the present lease, in parts."""
        ...

    async def drop_parts(self, job: Job) -> None:
        """Take the file away."""
        ...
