"""Say that the file of a photo is about to be written, so that it is deleted if nothing comes of it."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.issues.domain.photo import new_file
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.delete_photo_file import PHOTO_FILE
from shared.transaction import one_transaction

UNFINISHED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnnouncePhoto:
    """For which issue or draft."""

    issue_id: UUID


@one_transaction
async def announce_photo(command: AnnouncePhoto, uow: IssuesUnitOfWork) -> str:
    """The name of the file to be."""
    file = new_file(uow.community)
    await uow.timers.set(PHOTO_FILE, command.issue_id, uow.now() + UNFINISHED, file)
    return file
