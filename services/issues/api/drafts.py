"""Drafts: written under an id that the client makes, with photos, and sent as the issue of that id."""

from typing import Annotated
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.contacts import SealAtHand
from services.issues.api.issues import REPORTING
from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.api.photos import UPLOADING
from services.issues.api.uploading import BODY, LARGEST, Position, place_in_draft, taken_in
from services.issues.domain.errors.photos import (
    DraftIdRefused,
    DraftIdTaken,
    DraftIncomplete,
    DraftNotFound,
    TooManyDrafts,
)
from services.issues.permissions import Action
from services.issues.queries.photos import draft_of_person, drafts_of_person
from services.issues.schemas.issue_views import IssueView
from services.issues.schemas.photos import DraftBody, DraftView, PhotoView, report_in
from services.issues.use_cases.discard_draft import DiscardDraft, discard_draft
from services.issues.use_cases.keep_draft import KeepDraft, keep_draft
from services.issues.use_cases.submit_draft import SubmitDraft, submit_draft
from shared.http.commands import Reading, answered, shown
from shared.http.context import request_id_of
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.uploads import takes_upload
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["issues"])
Author = Annotated[Principal, allow(Action.KEEP_DRAFT)]


@router.put(
    "/drafts/{draft}", response_model=DraftView, responses=problems(DraftIdRefused, DraftIdTaken, TooManyDrafts)
)
async def put_draft(
    *,
    community: Community,
    draft: UUID,
    body: DraftBody,
    request: Request,
    who: Author,
    reading: Reading,
    seal: SealAtHand,
) -> Response:
    """保存草稿（编号由客户端生成的 UUIDv7，30 天未改动即删除）。Keep a draft under an id made by the client (UUIDv7), for 30 days.

    The answer is not kept for repetition: what a draft says lies sealed. Sending the same again has the same effect.
    """
    uow = request.app.state.unit_of_work(community, correlation_id=request_id_of(request.scope))
    await keep_draft(KeepDraft(draft, body.content(), who), uow)
    async with reading as connection:
        kept, photos = await draft_of_person(connection, community, draft, who, seal)
    return shown(DraftView.of(kept, [PhotoView.of(it, community, is_draft=True) for it in photos]))


@router.get("/drafts", response_model=Page[DraftView])
async def list_drafts(
    community: Community, who: Author, reading: Reading, page: PageQuery, seal: SealAtHand
) -> Response:
    """我的草稿，新的在前。The caller's drafts, newest first."""
    async with reading as connection:
        found, cursor = await drafts_of_person(connection, community, who, page, seal)
    items = [DraftView.of(it, [PhotoView.of(p, community, is_draft=True) for p in photos]) for it, photos in found]
    return shown(Page[DraftView].model_construct(items=items, next_cursor=cursor))


@router.get("/drafts/{draft}", response_model=DraftView, responses=problems(DraftNotFound))
async def read_draft(community: Community, draft: UUID, who: Author, reading: Reading, seal: SealAtHand) -> Response:
    """一份草稿。One draft of the caller."""
    async with reading as connection:
        found, photos = await draft_of_person(connection, community, draft, who, seal)
    return shown(DraftView.of(found, [PhotoView.of(it, community, is_draft=True) for it in photos]))


@router.delete("/drafts/{draft}", status_code=204, responses=problems(DraftNotFound))
async def delete_draft(community: Community, draft: UUID, request: Request, who: Author) -> Response:
    """删除草稿及其照片。Throw a draft away with its photos."""
    uow = request.app.state.unit_of_work(community, correlation_id=request_id_of(request.scope))
    await discard_draft(DiscardDraft(draft, who), uow)
    return Response(status_code=204)


@router.put(
    "/drafts/{draft}/photos/{position}",
    response_model=PhotoView,
    responses=problems(DraftNotFound, *UPLOADING),
    openapi_extra=BODY,
)
@takes_upload(LARGEST)
async def put_draft_photo(
    community: Community, draft: UUID, position: Position, request: Request, who: Author
) -> Response:
    """草稿的第几张照片（原始字节），可更换。A photo of a draft, raw bytes; it takes the place of the one before."""
    photo = await taken_in(request, community, place_in_draft(draft, position), who)
    return shown(PhotoView.of(photo, community, is_draft=True))


@router.post(
    "/drafts/{draft}/submit",
    status_code=201,
    response_model=IssueView,
    responses=problems(DraftNotFound, DraftIncomplete, *REPORTING),
)
async def submit(community: Community, draft: UUID, who: Author, uow: Uow) -> Response:
    """提交草稿，成为同一编号的诉求；重复提交得到同一条。Send a draft: the issue has its id; sent twice, it is one issue."""
    command = SubmitDraft(draft, who, lambda content: report_in(content).command(who, uow.now()))
    base = f"/api/v1/communities/{community}/issues"
    return await answered(
        submit_draft(command, uow),
        uow,
        view=lambda issue: IssueView.of(issue, who, uow.now()),
        status=201,
        location=lambda issue: f"{base}/{issue.id}",
    )
