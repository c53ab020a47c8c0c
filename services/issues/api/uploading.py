"""Taking in a photo: who may, then the bytes, then a clean picture, then its files, then the record."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from starlette.requests import Request

from services.issues.domain.photo import MOST, Photo
from services.issues.domain.words.photos import PhotoKind
from services.issues.storage.unit_of_work import PostgresIssuesUnitOfWork
from services.issues.use_cases.add_photo import AddPhoto, PhotoPlace, add_photo
from services.issues.use_cases.announce_photo import AnnouncePhoto, announce_photo
from services.issues.use_cases.find_photo_place import FindPhotoPlace, find_photo_place
from shared.http.context import request_id_of
from shared.http.uploads import read_upload, upload_body
from shared.principal import Principal

KINDS = ("image/jpeg", "image/png", "image/webp")
LARGEST = 8 * 1024 * 1024
BODY = upload_body(
    KINDS, description="照片原文件，最大 8 MiB、2500 万像素。The photo as it is, at most 8 MiB and 25 million pixels"
)
Position = Annotated[int, Path(ge=1, le=MOST, description="第几张，1–6。Which of the six")]
Kind = Annotated[PhotoKind, Query(description="办理前或办理后。Before or after the work")]


async def taken_in(request: Request, community: str, place: PhotoPlace, who: Principal) -> Photo:
    """The photo on record. Sending the same again is no second photo."""

    def uow() -> PostgresIssuesUnitOfWork:
        made: PostgresIssuesUnitOfWork = request.app.state.unit_of_work(
            community, correlation_id=request_id_of(request.scope)
        )
        return made

    known = await find_photo_place(FindPhotoPlace(place, who), uow())
    with request.app.state.cleaning.place():
        content = await read_upload(request, KINDS, largest=LARGEST)
        digest = hashlib.sha256(content).digest()
        if known is not None and known.digest == digest:
            return known
        clean = await request.app.state.cleaning.cleaned(content)
    file = await announce_photo(AnnouncePhoto(place.issue_id), uow())
    await request.app.state.unit_of_work.photo_files.put(file, clean.photo, clean.thumbnail)
    return await add_photo(AddPhoto(place, clean, file, digest, who), uow())


def place_in_issue(issue_id: UUID, kind: PhotoKind, position: int) -> PhotoPlace:
    """A place in an issue."""
    return PhotoPlace(issue_id, kind, position, is_draft=False)


def place_in_draft(draft_id: UUID, position: int) -> PhotoPlace:
    """A place in a draft: it shows how things are before anybody worked on them."""
    return PhotoPlace(draft_id, PhotoKind.BEFORE, position, is_draft=True)
