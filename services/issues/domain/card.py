"""What neighbours see of an issue: a card with edited words, never the reporter's own. Private unless the reporter allows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.issues.domain.errors.publicity import NotPublishable
from services.issues.domain.masking import Masked, masked
from services.issues.domain.words.issues import PRIVATE_KINDS, IssueKind, Source, Verb
from services.issues.domain.words.publicity import Consent, PersonalData
from services.issues.domain.words.vocabulary import Words
from shared.principal import Principal

if TYPE_CHECKING:
    from services.issues.domain.issue import Issue

CONFIDENTIAL_KINDS = PRIVATE_KINDS
CONFIDENTIAL_CATEGORIES = frozenset({"neighbour_quarrel", "care", "discipline"})
"""Matters that are never public whatever anybody consents to: disputes, help for those in need, complaints about officials.

So is everything below them: the codes of those begin with theirs (`discipline_03_01`), which `check_placed` sees to."""
LONGEST_DRAFT = 400
"""A drafted summary is cut to this many characters."""


@dataclass(frozen=True, slots=True)
class Card:
    """The published words. They were masked when they were written down."""

    title: str
    summary: str
    shows_building: bool
    published_at: datetime
    published_by: UUID


@dataclass(frozen=True, slots=True)
class Draft:
    """The words that would be public, and what was hidden in them."""

    title: str
    summary: str
    shows_building: bool
    hidden: frozenset[PersonalData]


def is_confidential(kind: IssueKind, category: str) -> bool:
    """Whether such a matter is private by construction."""
    return kind in CONFIDENTIAL_KINDS or is_confidential_category(category)


def is_confidential_category(code: str) -> bool:
    """Whether a category is one of the confidential ones, or lies below one."""
    return any(code == above or code.startswith(f"{above}_") for above in CONFIDENTIAL_CATEGORIES)


def draft_of(title: str, text: str, consent: Consent) -> Draft:
    """A first draft of a card out of the reporter's words."""
    shows_building = consent is Consent.WITH_BUILDING
    title_, summary = _words(title, shows_building), _words(text, shows_building)
    short = summary.text if len(summary.text) <= LONGEST_DRAFT else summary.text[: LONGEST_DRAFT - 1] + "…"
    return Draft(title_.text, short, shows_building, title_.hidden | summary.hidden)


def consent_of(issue: "Issue") -> Consent:
    """What may be shown. Imported matters have no reporter here whom anybody could ask: their place is left out."""
    return Consent.WITHOUT_BUILDING if issue.source is Source.IMPORT else issue.consent


def why_not_public(issue: "Issue") -> Words | None:
    """Why no card of this issue can be published; None when one can."""
    return reason_against(issue.kind, issue.category, consent_of(issue))


def reason_against(kind: IssueKind, category: str, consent: Consent) -> Words | None:
    """Why no card of such a matter can be published; None when one can."""
    if is_confidential(kind, category):
        return Words("这类诉求依规定保密，不会公开", "Matters of this kind are confidential and never public")
    if consent is Consent.PRIVATE:
        return Words("诉求人没有同意公开", "The reporter has not agreed to publication")
    return None


def publish(issue: "Issue", *, title: str, summary: str, shows_building: bool, by: Principal, at: datetime) -> Draft:
    """Show the issue to the neighbours in these words, or change the words; returns what was hidden in them."""
    against = why_not_public(issue)
    if against is not None:
        raise NotPublishable(against.zh, against.en)
    if shows_building and consent_of(issue) is not Consent.WITH_BUILDING:
        raise NotPublishable(
            "诉求人没有同意写到楼栋",
            "The reporter has not agreed to show the building",
            fields={"shows_building": ("诉求人没有同意写到楼栋", "the reporter has not agreed to this")},
        )
    title_, summary_ = _words(title, shows_building), _words(summary, shows_building)
    issue.card = Card(title_.text, summary_.text, shows_building, at, by.person)
    issue.record(Verb.PUBLISH, by, at, shows_building=shows_building)
    return Draft(title_.text, summary_.text, shows_building, title_.hidden | summary_.hidden)


def unpublish(issue: "Issue", *, reason: str | None, by: Principal, at: datetime) -> None:
    """Take the card back: from now on the issue is private again."""
    if issue.card is None:
        raise NotPublishable("这条诉求没有公开", "This issue is not public")
    issue.card = None
    issue.record(Verb.UNPUBLISH, by, at, note=reason)


def change_consent(issue: "Issue", consent: Consent, *, by: Principal, at: datetime) -> bool:
    """The reporter says anew what may be shown; returns whether a card had to be taken back for it."""
    issue.consent = consent
    issue.record(Verb.CONSENT, by, at, consent=consent)
    if issue.card is not None and (
        consent is Consent.PRIVATE or (issue.card.shows_building and consent is not Consent.WITH_BUILDING)
    ):
        unpublish(issue, reason=None, by=by, at=at)
        return True
    return False


def _words(text: str, shows_building: bool) -> Masked:
    return masked(text, building=not shows_building)
