"""Delete the files of a photo that nothing refers to any more: replaced, thrown away, or never finished."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.transaction import one_transaction

PHOTO_FILE = "photo_file"
"""Timer of a file, keyed by its name. It is set before the file is written and taken away when the photo is on record."""


@dataclass(frozen=True, slots=True)
class DeletePhotoFile:
    """Which file, and the issue or draft it was for."""

    issue_id: UUID
    file: str


@one_transaction
async def delete_photo_file(command: DeletePhotoFile, uow: IssuesUnitOfWork) -> None:
    """Delete it, unless a photo came to refer to it after all."""
    await uow.photos.lock(command.issue_id)
    if any(photo.file == command.file for photo in await uow.photos.of(command.issue_id)):
        return
    await uow.photo_files.delete(command.file)
