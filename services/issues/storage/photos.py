"""What is kept of photos beside their files, on PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.photo import Photo
from services.issues.domain.words.photos import PhotoKind
from services.issues.storage.tables.photos import issue_photos
from shared.database.unit_of_work import UnitOfWork


class PostgresPhotos:
    """Satisfies `ports.PhotoStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def lock(self, issue_id: UUID) -> None:
        """Wait for others at the same photos."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"photos:{self._uow.community}:{issue_id}", 0)))
        )

    async def of(self, issue_id: UUID) -> Sequence[Photo]:
        """The photos of an issue or draft, in order."""
        return await photos_of(await self._uow.connection(), self._uow.community, issue_id)

    async def at(self, issue_id: UUID, kind: PhotoKind, position: int) -> Photo | None:
        """The photo in one place."""
        found = [it for it in await self.of(issue_id) if (it.kind, it.position) == (kind, position)]
        return found[0] if found else None

    async def add(self, photo: Photo) -> None:
        """Keep a photo."""
        await self._uow.execute(
            insert(issue_photos).values(
                community=self._uow.community,
                issue_id=photo.issue_id,
                id=photo.id,
                kind=photo.kind.value,
                position=photo.position,
                file=photo.file,
                digest=photo.digest,
                width=photo.width,
                height=photo.height,
                size=photo.size,
                added_by=photo.added_by,
                added_at=photo.added_at,
            )
        )

    async def remove(self, photo: Photo) -> None:
        """Forget a photo."""
        await self._uow.execute(
            delete(issue_photos).where(
                issue_photos.c.community == self._uow.community,
                issue_photos.c.issue_id == photo.issue_id,
                issue_photos.c.id == photo.id,
            )
        )


async def photos_of(connection: AsyncConnection, community: str, issue_id: UUID) -> list[Photo]:
    """All photos of an issue or draft: never more than twelve."""
    found = await connection.execute(
        select(issue_photos)
        .where(issue_photos.c.community == community, issue_photos.c.issue_id == issue_id)
        .order_by(issue_photos.c.kind.desc(), issue_photos.c.position)
    )
    return [photo_of(row) for row in found.mappings()]


def photo_of(row: RowMapping) -> Photo:
    """The photo of a row."""
    return Photo(
        id=row["id"],
        issue_id=row["issue_id"],
        kind=PhotoKind(row["kind"]),
        position=row["position"],
        file=row["file"],
        digest=bytes(row["digest"]),
        width=row["width"],
        height=row["height"],
        size=row["size"],
        added_by=row["added_by"],
        added_at=row["added_at"],
    )
