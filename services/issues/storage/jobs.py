"""Long work in PostgreSQL. Files lie there too, in parts: what finished is there for every replica, and goes with a backup."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select, text

from services.issues.domain.errors.jobs import JobNotFound
from services.issues.domain.job import KEPT, Job, JobFile
from services.issues.domain.words.jobs import JobFailure, JobKind, JobState
from services.issues.storage.tables.jobs import job_file_parts, jobs
from shared.database.engine import Database
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.messaging.autocommit import autocommit

RUNNABLE = text(
    """
    SELECT community, id FROM jobs
    WHERE state IN ('queued', 'running') AND (state = 'queued' OR leased_until < :now) ORDER BY asked_at LIMIT :few
    """
)
OUTDATED = text(
    """
    SELECT community, id FROM jobs
    WHERE state = 'done' AND file_name IS NOT NULL AND finished_at <= :before ORDER BY finished_at LIMIT :few
    """
)


class PostgresJobStore:
    """Satisfies `ports.JobStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, job_id: UUID, *, expected_version: int | None = None) -> Job:
        """The job."""
        found = await self._uow.execute(
            select(jobs).where(jobs.c.community == self._uow.community, jobs.c.id == job_id)
        )
        row = found.mappings().first()
        if row is None:
            raise JobNotFound
        check_version(row["version"], expected_version)
        return job_of(row)

    async def add(self, job: Job) -> None:
        """Keep a new job."""
        fixed = {"id": job.id, "kind": job.kind.value, "asked_by": job.asked_by, "asked_at": job.asked_at}
        asked = {"wanted": dict(job.wanted), "unmasked": job.unmasked, "purpose": job.purpose, "version": job.version}
        await self._uow.execute(insert(jobs).values(community=self._uow.community, **fixed, **asked, **_changing(job)))

    async def save(self, job: Job) -> None:
        """Keep a changed job."""
        job.version = await save_versioned(
            self._uow, jobs, job.id, version=job.version, values=_changing(job), missing=JobNotFound
        )

    async def waiting(self) -> int:
        """How many are not finished yet."""
        found = await self._uow.execute(
            select(func.count()).where(
                jobs.c.community == self._uow.community,
                jobs.c.state.in_([JobState.QUEUED.value, JobState.RUNNING.value]),
            )
        )
        return int(found.scalar_one())

    async def was_asked_since(self, kind: JobKind, by: UUID, since: datetime) -> bool:
        """Whether this person asked for such work since then."""
        found = await self._uow.execute(
            select(jobs.c.id)
            .where(
                jobs.c.community == self._uow.community,
                jobs.c.asked_by == by,
                jobs.c.kind == kind.value,
                jobs.c.asked_at >= since,
            )
            .limit(1)
        )
        return found.first() is not None

    async def keep_parts(self, job: Job, parts: Sequence[bytes]) -> None:
        """Keep the file of the present lease, in parts."""
        rows = [
            {"community": self._uow.community, "job_id": job.id, "lease": job.lease, "part": number, "data": data}
            for number, data in enumerate(parts)
        ]
        for row in rows:
            await self._uow.execute(insert(job_file_parts), [row])

    async def drop_parts(self, job: Job) -> None:
        """Take the file away."""
        await self._uow.execute(
            delete(job_file_parts).where(
                job_file_parts.c.community == self._uow.community, job_file_parts.c.job_id == job.id
            )
        )


async def runnable_jobs(housekeeping: Database, now: datetime, few: int = 5) -> list[tuple[str, UUID]]:
    """Jobs of any community that wait for a worker, the oldest first."""
    async with autocommit(housekeeping) as connection:
        return [(row.community, row.id) for row in await connection.execute(RUNNABLE, {"now": now, "few": few})]


async def outdated_jobs(housekeeping: Database, now: datetime, few: int = 20) -> list[tuple[str, UUID]]:
    """Jobs of any community whose file has been kept long enough."""
    before: timedelta | datetime = now - KEPT
    async with autocommit(housekeeping) as connection:
        return [(row.community, row.id) for row in await connection.execute(OUTDATED, {"before": before, "few": few})]


def job_of(row: RowMapping) -> Job:
    """The job of a row."""
    file = None
    if row["file_name"] is not None:
        file = JobFile(row["file_name"], row["media_type"], row["size"], row["sha256"])
    return Job(
        id=row["id"],
        kind=JobKind(row["kind"]),
        asked_by=row["asked_by"],
        asked_at=row["asked_at"],
        wanted=row["wanted"],
        unmasked=row["unmasked"],
        purpose=row["purpose"],
        state=JobState(row["state"]),
        rows_done=row["rows_done"],
        rows_total=row["rows_total"],
        attempts=row["attempts"],
        lease=row["lease"],
        leased_until=row["leased_until"],
        failure=JobFailure(row["failure"]) if row["failure"] else None,
        finished_at=row["finished_at"],
        file=file,
        result=row["result"],
        version=row["version"],
    )


def _changing(job: Job) -> dict[str, Any]:
    return {
        "state": job.state.value,
        "rows_done": job.rows_done,
        "rows_total": job.rows_total,
        "attempts": job.attempts,
        "lease": job.lease,
        "leased_until": job.leased_until,
        "failure": job.failure.value if job.failure else None,
        "finished_at": job.finished_at,
        "file_name": job.file.name if job.file else None,
        "media_type": job.file.media_type if job.file else None,
        "size": job.file.size if job.file else None,
        "sha256": job.file.sha256 if job.file else None,
        "result": dict(job.result),
    }
