"""Reading long work: one's own, or all of the community for its administrator; and the file in parts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.jobs import JobNotFound
from services.issues.domain.job import Job
from services.issues.storage.jobs import job_of
from services.issues.storage.tables.jobs import job_file_parts, jobs
from shared.database.keyset import Keyset
from shared.http.paging import PageAsked
from shared.principal import Principal, Role

NEWEST_FIRST = Keyset((jobs.c.id,), descending=True)


async def job_seen_by(connection: AsyncConnection, community: str, job_id: UUID, by: Principal) -> Job:
    """One job. Raises JobNotFound for those who did not ask for it."""
    conditions = [jobs.c.community == community, jobs.c.id == job_id, *_theirs(by)]
    row = (await connection.execute(select(jobs).where(*conditions))).mappings().first()
    if row is None:
        raise JobNotFound
    return job_of(row)


async def jobs_seen_by(
    connection: AsyncConnection, community: str, by: Principal, page: PageAsked
) -> tuple[list[Job], str | None]:
    """The newest jobs."""
    statement = select(jobs).where(jobs.c.community == community, *_theirs(by))
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    return [job_of(row._mapping) for row in kept], cursor


def check_file_seen_by(job: Job, by: Principal) -> None:
    """An unmasked file is for the person who said what it is for, and for nobody else. Raises JobNotFound."""
    if job.unmasked and job.asked_by != by.person:
        raise JobNotFound


async def file_parts(connection: AsyncConnection, community: str, job: Job) -> Sequence[bytes]:
    """The file of a finished job, in order."""
    parts = job_file_parts.c
    found = await connection.execute(
        select(parts.data)
        .where(parts.community == community, parts.job_id == job.id, parts.lease == job.lease)
        .order_by(parts.part)
    )
    return found.scalars().all()


def _theirs(by: Principal) -> list[ColumnElement[bool]]:
    return [] if Role.COMMUNITY_ADMIN in by.roles else [jobs.c.asked_by == by.person]
