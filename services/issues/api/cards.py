"""Cards: what neighbours see of an issue, its preview, and who decides on it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, IssueReader, Uow
from services.issues.domain.errors.issues import IssueNotFound, NotTheirStep
from services.issues.domain.errors.master_data import UnknownBuilding, UnknownCategory
from services.issues.domain.errors.publicity import NotPublishable
from services.issues.domain.words.issues import State
from services.issues.permissions import Action
from services.issues.queries.cards import CardFilter, card_seen_by, followed_cards, published_cards
from services.issues.schemas.cards import (
    CardPage,
    CardPreviewBody,
    CardView,
    ConsentBody,
    DraftView,
    PublishBody,
    UnpublishBody,
    draft_view,
)
from services.issues.schemas.issue_views import IssueView
from services.issues.use_cases.change_consent import ChangeConsent, change_consent
from services.issues.use_cases.preview_card import PreviewCard, preview_card
from services.issues.use_cases.publish_card import PublishCard, publish_card
from services.issues.use_cases.unpublish_card import UnpublishCard, unpublish_card
from shared.errors import ConcurrentChange
from shared.http.commands import Reading, answered, shown
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["cards"])
Reporter = Annotated[Principal, allow(Action.REPORT_ISSUE)]
Publisher = Annotated[Principal, allow(Action.PUBLISH_CARD)]


@router.get("/cards", response_model=Page[CardView])
async def list_cards(
    *,
    community: Community,
    _who: IssueReader,
    reading: Reading,
    page: PageQuery,
    category: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{1,39}$")] = None,
    building_id: UUID | None = None,
    state: State | None = None,
) -> Response:
    """已公开的诉求，新的在前。What the community shows its members, newest first."""
    async with reading as connection:
        return shown(await published_cards(connection, community, CardFilter(category, building_id, state), page))


@router.get("/cards/followed", response_model=Page[CardView])
async def list_followed(community: Community, who: IssueReader, reading: Reading, page: PageQuery) -> Response:
    """我加入的诉求。What the caller joined, newest first."""
    async with reading as connection:
        return shown(await followed_cards(connection, community, who, page))


@router.post("/issues/card-preview", response_model=DraftView, responses=problems(UnknownCategory, UnknownBuilding))
async def preview_issue_card(body: CardPreviewBody, _who: Reporter, uow: Uow) -> Response:
    """提交前预览公开卡片。What neighbours would see, before anything is reported."""
    command = PreviewCard(body.category, body.place.building_id, body.text, body.consent, body.title, body.kind)
    return await answered(
        preview_card(command, uow), uow, view=lambda it: draft_view(it, body.category, body.place.building_id)
    )


@router.get("/issues/{issue_id}/card", response_model=CardPage, responses=problems(IssueNotFound))
async def read_card(community: Community, issue_id: UUID, who: IssueReader, reading: Reading) -> Response:
    """邻居看到的卡片；公开前诉求人和工作人员可预览。The card as neighbours see it, or a draft of it for reporter and office."""
    async with reading as connection:
        return shown(await card_seen_by(connection, community, issue_id, who))


@router.post(
    "/issues/{issue_id}/publish",
    response_model=IssueView,
    responses=problems(IssueNotFound, NotPublishable, ConcurrentChange),
)
async def publish_issue_card(
    issue_id: UUID, body: PublishBody, who: Publisher, uow: Uow, if_match: IfMatch
) -> Response:
    """公开卡片，或修改已公开的文字。Publish the card, or change its words."""
    command = PublishCard(issue_id, body.title, body.summary, body.shows_building, who, if_match)
    return await answered(publish_card(command, uow), uow, view=lambda issue: IssueView.of(issue, who, uow.now()))


@router.post(
    "/issues/{issue_id}/unpublish",
    response_model=IssueView,
    responses=problems(IssueNotFound, NotPublishable, ConcurrentChange),
)
async def unpublish_issue_card(
    issue_id: UUID, body: UnpublishBody, who: Publisher, uow: Uow, if_match: IfMatch
) -> Response:
    """取消公开。Take the card back."""
    command = UnpublishCard(issue_id, who, body.reason, if_match)
    return await answered(unpublish_card(command, uow), uow, view=lambda issue: IssueView.of(issue, who, uow.now()))


@router.post(
    "/issues/{issue_id}/consent",
    response_model=IssueView,
    responses=problems(IssueNotFound, NotTheirStep, ConcurrentChange),
)
async def say_what_may_be_public(
    issue_id: UUID, body: ConsentBody, who: Reporter, uow: Uow, if_match: IfMatch
) -> Response:
    """诉求人决定可否公开；收回同意，卡片立即撤下。The reporter decides; a card that shows more is taken back at once."""
    command = ChangeConsent(issue_id, body.consent, who, if_match)
    return await answered(change_consent(command, uow), uow, view=lambda issue: IssueView.of(issue, who, uow.now()))
