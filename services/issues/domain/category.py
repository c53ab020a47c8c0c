"""What a matter is about. Each community has its own copy of the shipped tree."""

from dataclasses import dataclass

from services.issues.domain.words.issues import IssueKind, Tier


@dataclass(frozen=True, slots=True)
class Category:
    """A category with its defaults: kind of matter, tier, and the kind of organisation that usually answers for it."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    kind: IssueKind = IssueKind.COMPLAINT
    tier: Tier = Tier.GENERAL
    responsible_kind: str = "community_committee"
    position: int = 0
