"""What callers read about where an issue is and how it was put on record."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from services.issues.domain.words.filing import ConsentWay
from services.issues.domain.words.issues import PROACTIVE
from services.issues.schemas.labels import View
from shared.principal import Principal


class PlaceView(View):
    """Where: compound, grid, building, unit, words, or several of them."""

    building_id: UUID | None
    text: str | None
    compound_id: UUID | None
    grid_id: UUID | None
    unit: str | None
    floor: int | None

    @classmethod
    def of(cls, place: Place) -> "PlaceView":
        """The place as callers see it."""
        return cls.model_construct(
            building_id=place.building_id,
            text=place.text,
            compound_id=place.compound_id,
            grid_id=place.grid_id,
            unit=place.unit,
            floor=place.floor,
        )


class FilingView(View):
    """How it was put on record: by whom for the reporter, from which meeting or visit, with what consent."""

    filed_by: UUID | None
    origin_id: UUID | None
    anonymous: bool
    proactive: bool = Field(description="未诉先办：投诉之前自己发现的。Found before anybody complained")
    consent_way: ConsentWay | None
    consented_at: datetime | None

    @classmethod
    def of(cls, issue: Issue, by: Principal) -> "FilingView":
        """The circumstances of an issue. Whoever filed an anonymous matter of their own stays unnamed here too."""
        filing = issue.filing
        reporter = reporter_shown(issue, by)
        return cls.model_construct(
            filed_by=reporter if filing.filed_by == issue.reported_by else filing.filed_by,
            origin_id=filing.origin_id,
            anonymous=filing.anonymous,
            proactive=issue.source in PROACTIVE,
            consent_way=filing.consent.way if filing.consent else None,
            consented_at=filing.consent.at if filing.consent else None,
        )


def reporter_shown(issue: Issue, by: Principal) -> UUID | None:
    """The reporter; of an anonymous issue only to themselves and to who filed it. The duty officer asks with a purpose, which is recorded."""
    if issue.filing.anonymous and by.person not in (issue.reported_by, issue.filing.filed_by):
        return None
    return issue.reported_by
