"""How an issue comes on record."""

from datetime import datetime
from typing import Self
from uuid import UUID

from services.issues.domain.category import Category
from services.issues.domain.filing import PLAINLY, Arrival, Told
from services.issues.domain.filing import arrival as arrival_of
from services.issues.domain.issue.record import IssueRecord
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind, Source, Tier, Verb
from services.issues.domain.words.publicity import Consent
from shared.principal import Principal


class Arriving(IssueRecord):
    """An issue is born: by a call, or from another system."""

    __slots__ = ()

    @classmethod
    def report(
        cls,
        *,
        issue_id: UUID,
        number: str,
        category: Category,
        place: Place,
        text: str,
        by: Principal,
        at: datetime,
        kind: IssueKind | None = None,
        title: str | None = None,
        severity: Tier | None = None,
        source: Source | None = None,
        arrival: Arrival | None = None,
        consent: Consent = Consent.PRIVATE,
    ) -> Self:
        """Put a matter on record: that of a resident or of a grid worker on the round, or as `arrival` says."""
        arrival = arrival or arrival_of(by, Told(source=source) if source else PLAINLY, at)
        issue = cls(
            id=issue_id,
            number=number,
            kind=kind or category.kind,
            category=category.code,
            severity=severity or category.tier,
            place=place,
            title=title or short_title(text),
            text=text,
            source=arrival.source,
            reported_by=arrival.reported_by,
            filing=arrival.filing,
            registered_at=at,
            reported_at=at,
            consent=consent,
        )
        issue.be_born(Verb.REPORT, by, at)
        return issue

    @classmethod
    def import_from(
        cls,
        *,
        issue_id: UUID,
        number: str,
        category: Category,
        place: Place,
        title: str,
        text: str,
        reported_at: datetime,
        by: Principal,
        at: datetime,
    ) -> Self:
        """Put a matter from another system on record. It keeps the time at which it was reported there."""
        issue = cls(
            id=issue_id,
            number=number,
            kind=category.kind,
            category=category.code,
            severity=category.tier,
            place=place,
            title=title,
            text=text,
            source=Source.IMPORT,
            reported_by=None,
            registered_at=at,
            reported_at=reported_at,
        )
        issue.be_born(Verb.IMPORT, by, at)
        return issue


def short_title(text: str) -> str:
    """The first line of a text, at most 40 characters: what a list shows when the reporter gave no title."""
    first = text.strip().splitlines()[0].strip()
    return first if len(first) <= 40 else first[:39] + "…"
