"""Look whether a person may put a photo somewhere, before the first byte of it is read."""

from dataclasses import dataclass

from services.issues.domain.photo import Photo
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.add_photo import PhotoPlace, check_place
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FindPhotoPlace:
    """Where, and who."""

    place: PhotoPlace
    by: Principal


@one_transaction
async def find_photo_place(command: FindPhotoPlace, uow: IssuesUnitOfWork) -> Photo | None:
    """The photo that lies there already. Raises when this person cannot put one there."""
    return await check_place(command.place, command.by, uow)
