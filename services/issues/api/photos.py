"""Photos of issues: added by those concerned and those who work on it, read by whoever may read the issue."""

from typing import Annotated, Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader
from services.issues.api.uploading import BODY, LARGEST, Kind, Position, place_in_issue, taken_in
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.photos import (
    NotAPhoto,
    PhotoFilesUnavailable,
    PhotoNotFound,
    PhotoRefused,
    PhotosBusy,
    PhotoThere,
    PhotoTooManyPixels,
)
from services.issues.domain.words.photos import PhotoKind
from services.issues.permissions import Action
from services.issues.queries.photos import photo_seen_by, photos_seen_by
from services.issues.schemas.photos import PhotoList, PhotoView
from shared.http.commands import Reading, shown
from shared.http.problems import problems
from shared.http.refusals import BodyTooLarge, UnsupportedMediaType
from shared.http.routing import Router
from shared.http.uploads import takes_upload
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
UPLOADING = (
    NotAPhoto,
    PhotoTooManyPixels,
    PhotosBusy,
    PhotoFilesUnavailable,
    BodyTooLarge,
    UnsupportedMediaType,
)
"""What every upload may be refused with."""
JPEG: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
FOREVER = {
    # A photo never changes under its address; only those who may read the issue may keep it.
    "cache-control": "private, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
}


@router.put(
    "/issues/{issue_id}/photos/{position}",
    response_model=PhotoView,
    responses=problems(IssueNotFound, PhotoRefused, PhotoThere, *UPLOADING),
    openapi_extra=BODY,
)
@takes_upload(LARGEST)
async def put_photo(
    *,
    community: Community,
    issue_id: UUID,
    position: Position,
    request: Request,
    who: Annotated[Principal, allow(Action.ADD_PHOTO)],
    kind: Kind = PhotoKind.BEFORE,
) -> Response:
    """添加照片（原始字节）；去除位置等信息后保存，已有照片不能更换。Add a photo, raw bytes; it is kept without place and camera data."""
    photo = await taken_in(request, community, place_in_issue(issue_id, kind, position), who)
    return shown(PhotoView.of(photo, community))


@router.get("/issues/{issue_id}/photos", response_model=PhotoList, responses=problems(IssueNotFound))
async def list_photos(community: Community, issue_id: UUID, who: IssueReader, reading: Reading) -> Response:
    """一条诉求的照片。The photos of an issue: before, then after."""
    async with reading as connection:
        photos = await photos_seen_by(connection, community, issue_id, who)
    return shown(PhotoList.model_construct(items=[PhotoView.of(photo, community) for photo in photos]))


@router.get(
    "/issues/{issue_id}/photos/{photo_id}",
    responses={**problems(IssueNotFound, PhotoNotFound, PhotoFilesUnavailable), **JPEG},
)
async def read_photo(
    *, community: Community, issue_id: UUID, photo_id: UUID, request: Request, who: IssueReader, reading: Reading
) -> Response:
    """照片。A photo."""
    return await _file(community, issue_id, photo_id, request=request, who=who, reading=reading, thumbnail=False)


@router.get(
    "/issues/{issue_id}/photos/{photo_id}/thumbnail",
    responses={**problems(IssueNotFound, PhotoNotFound, PhotoFilesUnavailable), **JPEG},
)
async def read_thumbnail(
    *, community: Community, issue_id: UUID, photo_id: UUID, request: Request, who: IssueReader, reading: Reading
) -> Response:
    """缩略图（最长边 320 像素）。Its thumbnail, at most 320 pixels long."""
    return await _file(community, issue_id, photo_id, request=request, who=who, reading=reading, thumbnail=True)


async def _file(
    community: str,
    issue_id: UUID,
    photo_id: UUID,
    *,
    request: Request,
    who: Principal,
    reading: Reading,
    thumbnail: bool,
) -> Response:
    async with reading as connection:
        photo, name = await photo_seen_by(connection, community, issue_id, photo_id, who)
    content = await request.app.state.unit_of_work.photo_files.get(photo.file, thumbnail=thumbnail)
    headers = {**FOREVER, "content-disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="image/jpeg", headers=headers)
