"""Long work in memory."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.jobs import JobNotFound
from services.issues.domain.job import ENDED, Job
from services.issues.domain.words.jobs import JobKind
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemoryJobs:
    """Satisfies `ports.JobStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Job] = {}
        self.parts: dict[UUID, list[bytes]] = {}

    async def get(self, job_id: UUID, *, expected_version: int | None = None) -> Job:
        """A copy of the job."""
        if job_id not in self.kept:
            raise JobNotFound
        check_version(self.kept[job_id].version, expected_version)
        return deepcopy(self.kept[job_id])

    async def add(self, job: Job) -> None:
        """Keep a new job."""
        self.kept[job.id] = deepcopy(job)

    async def save(self, job: Job) -> None:
        """Keep a changed job."""
        if self.kept[job.id].version != job.version:
            raise ConcurrentChange
        job.version += 1
        self.kept[job.id] = deepcopy(job)

    async def waiting(self) -> int:
        """How many are not finished yet."""
        return sum(job.state not in ENDED for job in self.kept.values())

    async def was_asked_since(self, kind: JobKind, by: UUID, since: datetime) -> bool:
        """Whether this person asked for such work since then."""
        return any(job.kind is kind and job.asked_by == by and job.asked_at >= since for job in self.kept.values())

    async def keep_parts(self, job: Job, parts: Sequence[bytes]) -> None:
        """Keep the file."""
        self.parts[job.id] = list(parts)

    async def drop_parts(self, job: Job) -> None:
        """Take it away."""
        self.parts.pop(job.id, None)
