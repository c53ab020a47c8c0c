"""Subdistrict, community and the figures a community is measured by.

A community is the tenant; its slug is its key everywhere and never changes. Figures carry the date they are true for, so that
a rate of last year divides by last year's households.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.gateway.domain.errors import FiguresDoNotAddUp, ReservedSlug

WHOLE_SUBDISTRICT = "all"
"""Stands for every community of the subdistrict, in paths, subjects and memberships (as in shared.contracts.message)."""
SLUG = re.compile(r"^[a-z][a-z0-9-]{1,39}$")
CODE = re.compile(r"^[A-Z]{2,6}$")
RESERVED_SLUGS = frozenset({WHOLE_SUBDISTRICT, "api", "admin", "system", "public", "subdistrict", "new", "batch"})
"""Words that stand for something else in paths and subjects; `all` is the whole subdistrict."""


def check_slug(slug: str) -> str:
    """The slug, if a community may be called so."""
    if not SLUG.match(slug) or slug.endswith("-") or "--" in slug:
        raise ReservedSlug(
            "社区标识须以小写字母开头，只含小写字母、数字和单个连字符，长度 2 至 40",
            "A slug starts with a small letter and holds small letters, digits and single hyphens, 2 to 40 in all",
            fields={"slug": ("格式不正确", "malformed")},
        )
    if slug in RESERVED_SLUGS:
        raise ReservedSlug(
            f"“{slug}”是平台保留字", f"'{slug}' is reserved for the platform", fields={"slug": ("保留字", "reserved")}
        )
    return slug


@dataclass(frozen=True, slots=True)
class Figures:
    """What a community reports about itself, true on `as_of`. Area in square kilometres."""

    as_of: date
    area_km2: Decimal
    households: int
    residents: int
    party_members: int
    party_members_own: int
    """自有党员: their Party membership lies with the community."""
    party_members_on_duty: int
    """在职党员: they work elsewhere and reported in (双报到)."""
    sample: bool = False
    """Made-up figures of a demonstration, never to be quoted."""

    def __post_init__(self) -> None:
        """Check the sums; nobody types a total that the parts do not give."""
        own, on_duty = self.party_members_own, self.party_members_on_duty
        if self.party_members != own + on_duty:
            raise FiguresDoNotAddUp(
                f"党员总数应等于自有党员与在职党员之和：{own} + {on_duty} = {own + on_duty}，而不是 {self.party_members}",
                f"Party members must be own plus on-duty ones: {own} + {on_duty} = {own + on_duty}, not {self.party_members}",
                fields={"party_members": (f"应为 {own + on_duty}", f"must be {own + on_duty}")},
            )
        if self.residents < own:
            raise FiguresDoNotAddUp(
                "自有党员不能多于居民人数",
                "There cannot be more own Party members than residents",
                fields={"party_members_own": ("多于居民人数", "more than residents")},
            )


@dataclass(frozen=True, slots=True)
class Profile:
    """Figures as they were recorded: by whom and when. History is kept; a profile is never changed."""

    id: UUID
    figures: Figures
    recorded_by: UUID
    recorded_at: datetime


def profile_at(profiles: Iterable[Profile], day: date) -> Profile | None:
    """The profile that was valid on a day: the newest one not later than it."""
    known = [profile for profile in profiles if profile.figures.as_of <= day]
    return max(known, key=lambda profile: profile.figures.as_of, default=None)


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A street office (街道) that runs several communities."""

    id: UUID
    slug: str
    name: str
    name_en: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Community:
    """A community (社区): directory data that anybody may see."""

    id: UUID
    slug: str
    code: str
    """Short code in the numbers of its issues, e.g. FCC in FCC-2026-000123."""
    name: str
    name_en: str
    subdistrict_id: UUID
    template: str
    created_at: datetime
