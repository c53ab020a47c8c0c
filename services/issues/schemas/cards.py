"""What callers send and read about cards: what neighbours see of an issue."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.issues.domain.card import Draft, consent_of, draft_of, why_not_public
from services.issues.domain.issue import Issue
from services.issues.domain.masking import masked
from services.issues.domain.trail import trail
from services.issues.domain.words.issues import IssueKind, Level, Outcome, State
from services.issues.domain.words.publicity import Consent, PersonalData
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.issue_bodies import CategoryCode, PlaceBody
from services.issues.schemas.issue_views import TrailView
from services.issues.schemas.labels import Label, View
from services.issues.use_cases.preview_card import CardPreview
from shared.http.bodies import SEVERAL_LINES, LineText, LongText, ShortText, StrictBody

Summary = Annotated[str, StringConstraints(min_length=1, max_length=600, pattern=SEVERAL_LINES, strip_whitespace=True)]
"""What neighbours read: short, so that nobody pastes the whole call."""


class CardPreviewBody(StrictBody):
    """提交前预览：邻居会看到什么。A matter as it would be reported."""

    category: CategoryCode = Field(examples=["street_light"])
    place: PlaceBody
    text: LongText = Field(examples=["12号楼北侧路灯不亮，请联系13800008000"])
    title: ShortText | None = None
    kind: IssueKind | None = None
    consent: Consent


class PublishBody(StrictBody):
    """公开卡片的文字，由工作人员改写。The edited words of the card."""

    title: ShortText
    summary: Summary
    shows_building: bool = False


class UnpublishBody(StrictBody):
    """取消公开。Why, if the office says so."""

    reason: LineText | None = None


class ConsentBody(StrictBody):
    """诉求人是否同意公开。What the reporter allows."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class Area:
    """Where an issue is, by the names of the community; empty where only words say it."""

    compound_id: UUID | None = None
    compound: str | None = None
    building: str | None = None


class AreaView(View):
    """Where, no closer than the building, and the building only if the reporter allows it."""

    compound_id: UUID | None
    compound: str | None
    building_id: UUID | None
    building: str | None


class CardView(View):
    """公开卡片：邻居看到的全部内容。A card: all that neighbours see of an issue. Without title as long as it is not published."""

    issue_id: UUID
    number: str
    kind: IssueKind
    category: str
    title: str | None
    summary: str | None
    area: AreaView
    state: State
    state_label: Label
    outcome: Outcome | None
    level: Level | None
    public_reply: str | None
    joined: int
    trail: list[TrailView]
    registered_at: datetime
    closed_at: datetime | None
    published_at: datetime | None


class CardPage(View):
    """一条诉求的卡片，以及能否公开。The card of an issue, and whether it is or may be published."""

    card: CardView
    published: bool
    may_be_published: bool
    reason: Label | None
    hidden: list[Label] = Field(
        description="自动隐去的内容。What was hidden automatically; names must be checked by eye"
    )
    following: bool
    version: int


class DraftView(View):
    """提交前的卡片预览。A card before there is an issue."""

    kind: IssueKind
    category: str
    title: str
    summary: str
    building_id: UUID | None
    may_be_published: bool
    reason: Label | None
    hidden: list[Label]


def public_card(issue: Issue, area: Area, *, follower: bool = False) -> CardView:
    """The card as it is published. A follower reads the reply also while there is no card, but never the reporter's words."""
    card = issue.card
    shows_building = card.shows_building if card else True  # whoever asked for a bare one asked by the building
    words_ = (card.title, card.summary) if card else (None, None)
    return _card(issue, area, words_, shows_building=shows_building, reply=card is not None or follower)


def card_page(issue: Issue, area: Area, *, insider: bool, follower: bool) -> CardPage:
    """The card for this reader; reporter and office see a draft of it before it is published."""
    draft: Draft | None = None
    if insider and issue.card is None:
        draft = draft_of(issue.title, issue.text, consent_of(issue))
        card = _card(issue, area, (draft.title, draft.summary), shows_building=draft.shows_building, reply=True)
    else:
        card = public_card(issue, area, follower=follower)
    against = why_not_public(issue)
    return CardPage.model_construct(
        card=card,
        published=issue.card is not None,
        may_be_published=against is None,
        reason=Label.of(against) if against and insider else None,
        hidden=_labels(draft.hidden) if draft else [],
        following=follower,
        version=issue.version,
    )


def draft_view(preview: CardPreview, category: str, building_id: UUID | None) -> DraftView:
    """The preview as callers see it."""
    draft = preview.draft
    return DraftView.model_construct(
        kind=preview.kind,
        category=category,
        title=draft.title,
        summary=draft.summary,
        building_id=building_id if draft.shows_building else None,
        may_be_published=preview.against is None,
        reason=Label.of(preview.against) if preview.against else None,
        hidden=_labels(draft.hidden),
    )


def _card(
    issue: Issue, area: Area, words_: tuple[str | None, str | None], *, shows_building: bool, reply: bool
) -> CardView:
    title, summary = words_
    resolution = issue.resolution if reply else None
    return CardView.model_construct(
        issue_id=issue.id,
        number=issue.number,
        kind=issue.kind,
        category=issue.category,
        title=title,
        summary=summary,
        area=AreaView.model_construct(
            compound_id=area.compound_id,
            compound=area.compound,
            building_id=issue.place.building_id if shows_building else None,
            building=area.building if shows_building else None,
        ),
        state=issue.state,
        state_label=Label.of(words(issue.state)),
        outcome=issue.outcome,
        level=resolution.level if resolution else None,
        public_reply=masked(resolution.public_reply, building=not shows_building).text if resolution else None,
        joined=issue.joined,
        trail=[
            TrailView.model_construct(step=step.step, label=Label.of(step.words), at=step.at) for step in trail(issue)
        ],
        registered_at=issue.registered_at,
        closed_at=issue.closed_at,
        published_at=issue.card.published_at if issue.card else None,
    )


def _labels(hidden: Iterable[PersonalData]) -> list[Label]:
    return [Label.of(words(kind)) for kind in PersonalData if kind in set(hidden)]
