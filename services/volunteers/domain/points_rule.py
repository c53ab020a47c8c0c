"""Points rules: how many points a deed earns, with caps and a life time, versioned, each version approved by a second person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.volunteers.domain.errors import RuleAlreadyApproved, SecondPersonNeeded

WISH_LIT = "wish_lit"
"""The rule by which a lit wish rewards its claimant."""
DAYS_POINTS_LAST = 730
"""Points of the template rules expire after two years: long enough to save up, short enough to keep the books alive."""


@dataclass(slots=True)
class PointsRule:
    """One version of a rule. In force when approved and within its dates; of several, the newest version counts."""

    code: str
    version: int
    title_zh: str
    title_en: str
    points: int
    effective_from: datetime
    daily_cap: int | None = None
    weekly_cap: int | None = None
    valid_days: int | None = None
    effective_until: datetime | None = None
    proposed_by: UUID | None = None
    proposed_at: datetime | None = None
    approved_by: UUID | None = None
    approved_at: datetime | None = None

    def approve(self, *, by: UUID, at: datetime) -> None:
        """A second person puts the version in force."""
        if self.approved_at is not None:
            raise RuleAlreadyApproved
        if by == self.proposed_by:
            raise SecondPersonNeeded
        self.approved_by, self.approved_at = by, at

    def in_force(self, at: datetime) -> bool:
        """Does this version count at that moment?"""
        ended = self.effective_until is not None and self.effective_until <= at
        return self.approved_at is not None and self.effective_from <= at and not ended


def rules_of_template(at: datetime) -> tuple[PointsRule, ...]:
    """The rules a new community starts with; the template itself is their approval."""

    def rule(code: str, title_zh: str, title_en: str, points: int, *, daily_cap: int, weekly_cap: int) -> PointsRule:
        return PointsRule(
            code=code,
            version=1,
            title_zh=title_zh,
            title_en=title_en,
            points=points,
            daily_cap=daily_cap,
            weekly_cap=weekly_cap,
            valid_days=DAYS_POINTS_LAST,
            effective_from=at,
            approved_at=at,
        )

    return (
        rule(WISH_LIT, "点亮微心愿", "lighting a micro-wish", 20, daily_cap=60, weekly_cap=200),
        rule("service_hour", "志愿服务一小时", "an hour of service", 10, daily_cap=80, weekly_cap=300),
        rule("neighbour_help", "邻里互助", "helping a neighbour", 5, daily_cap=20, weekly_cap=60),
        rule("proposal_adopted", "建议被采纳", "a proposal adopted", 15, daily_cap=30, weekly_cap=60),
    )
