"""What callers read about photos and send and read about drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import Field, ValidationError

from services.issues.domain.draft import Draft
from services.issues.domain.errors.photos import DraftIncomplete
from services.issues.domain.photo import Photo
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.photos import PhotoKind
from services.issues.domain.words.publicity import Consent
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.contacts import ContactBody
from services.issues.schemas.issue_bodies import CategoryCode, PlaceBody
from services.issues.schemas.labels import Label, View
from services.issues.schemas.report_bodies import NamedSource, ProxyBody, ReportIssueBody
from shared.http.bodies import LongText, ShortText, StrictBody
from shared.http.validation import refusal_of


class PhotoView(View):
    """一张照片。A photo, and where it and its thumbnail are read."""

    id: UUID
    kind: PhotoKind
    kind_label: Label
    position: int
    width: int
    height: int
    size: int
    added_at: datetime
    url: str | None
    thumbnail_url: str | None

    @classmethod
    def of(cls, photo: Photo, community: str, *, is_draft: bool = False) -> "PhotoView":
        """The photo as callers see it; who added it is not told."""
        url = f"/api/v1/communities/{community}/issues/{photo.issue_id}/photos/{photo.id}"
        return cls.model_construct(
            id=photo.id,
            kind=photo.kind,
            kind_label=Label.of(words(photo.kind)),
            position=photo.position,
            width=photo.width,
            height=photo.height,
            size=photo.size,
            added_at=photo.added_at,
            url=None if is_draft else url,
            thumbnail_url=None if is_draft else f"{url}/thumbnail",
        )


class PhotoList(View):
    """All photos of an issue: at most six of each kind."""

    items: list[PhotoView]


class DraftBody(StrictBody):
    """草稿：与正式诉求相同，但都可以暂缺。A report of which anything may still be missing."""

    category: CategoryCode | None = None
    place: PlaceBody | None = None
    text: LongText | None = None
    title: ShortText | None = None
    kind: IssueKind | None = None
    consent: Consent | None = None
    source: NamedSource | None = None
    origin_id: UUID | None = None
    anonymous: bool | None = None
    confidential: bool | None = None
    proxy: ProxyBody | None = None
    contact: ContactBody | None = None

    def content(self) -> bytes:
        """What was given, for keeping."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True)


class DraftView(View):
    """草稿。A draft of the caller."""

    id: UUID
    content: dict[str, Any] = Field(
        description="草稿内容，字段同 POST /issues。What was written; fields as in POST /issues"
    )
    photos: list[PhotoView]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, draft: Draft, photos: list[PhotoView]) -> "DraftView":
        """The draft as its person sees it."""
        return cls.model_construct(
            id=draft.id,
            content=orjson.loads(draft.content),
            photos=photos,
            created_at=draft.created_at,
            updated_at=draft.updated_at,
            expires_at=draft.expires_at,
        )


def report_in(content: bytes) -> ReportIssueBody:
    """The report that a draft holds. Raises DraftIncomplete, naming what is missing."""
    try:
        return ReportIssueBody.model_validate_json(content)
    except ValidationError as error:
        refused = refusal_of(error.errors(include_url=False, include_input=False))
        raise DraftIncomplete(fields=getattr(refused, "fields", {})) from None
