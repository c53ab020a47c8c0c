"""Put a photo on record whose file is written: in a draft in place of another, in an issue only where there is none yet."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.errors.photos import DraftNotFound, PhotoThere
from services.issues.domain.photo import CleanPhoto, Photo, check_may_add
from services.issues.domain.words.photos import PhotoKind
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.delete_photo_file import PHOTO_FILE
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """Where a photo goes: which issue or draft, what it shows, and its place among the six."""

    issue_id: UUID
    kind: PhotoKind
    position: int
    is_draft: bool


@dataclass(frozen=True, slots=True)
class AddPhoto:
    """A photo with its file; `digest` is that of the bytes that came in."""

    place: PhotoPlace
    clean: CleanPhoto
    file: str
    digest: bytes
    by: Principal


@one_transaction
async def add_photo(command: AddPhoto, uow: IssuesUnitOfWork) -> Photo:
    """Keep it; the same photo in the same place is no second one."""
    place, clean = command.place, command.clean
    await uow.photos.lock(place.issue_id)
    known = await check_place(place, command.by, uow, digest=command.digest)
    if known is not None and known.digest == command.digest:
        return known
    if known is not None:
        await uow.photos.remove(known)
        await uow.timers.set(PHOTO_FILE, place.issue_id, uow.now(), known.file)
    photo = Photo(
        id=new_id(),
        issue_id=place.issue_id,
        kind=place.kind,
        position=place.position,
        file=command.file,
        digest=command.digest,
        width=clean.width,
        height=clean.height,
        size=len(clean.photo),
        added_by=command.by.person,
        added_at=uow.now(),
    )
    await uow.photos.add(photo)
    await uow.timers.cancel(PHOTO_FILE, place.issue_id, command.file)
    return photo


async def check_place(
    place: PhotoPlace, by: Principal, uow: IssuesUnitOfWork, *, digest: bytes | None = None
) -> Photo | None:
    """What lies there already. Raises when this person cannot put a photo there."""
    known = await uow.photos.at(place.issue_id, place.kind, place.position)
    if place.is_draft:
        draft = await uow.drafts.get(place.issue_id)
        if draft is None or draft.person != by.person:
            raise DraftNotFound
        return known
    issue = await uow.issues.get(place.issue_id, seen_by=by)
    check_may_add(issue, place.kind, by)
    if known is not None and digest is not None and known.digest != digest:
        raise PhotoThere
    return known
