"""Bodies and views of points rules."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.schemas.points import Points, RuleCode
from shared.http.bodies import Moment, ShortText, StrictBody


class ProposePointsRuleBody(StrictBody):
    """The next version of a rule. Caps in points per person; days count in the community's time zone, weeks from Monday."""

    code: RuleCode = Field(examples=["wish_lit"])
    title_zh: ShortText
    title_en: ShortText
    points: Points
    daily_cap: Points | None = None
    weekly_cap: Points | None = None
    valid_days: int | None = Field(default=None, ge=1, le=3650)
    effective_from: Moment | None = Field(default=None, description="空为立即。None: at once")
    effective_until: Moment | None = Field(default=None, examples=["2100-01-01T00:00:00Z"])


class RuleView(BaseModel):
    """One version of a points rule."""

    code: str
    rule_version: int
    title_zh: str
    title_en: str
    points: int
    daily_cap: int | None
    weekly_cap: int | None
    valid_days: int | None
    effective_from: datetime
    effective_until: datetime | None
    proposed_by: UUID | None
    proposed_at: datetime | None
    approved_by: UUID | None
    approved_at: datetime | None
    in_force: bool = Field(
        description="已批准且在有效期内；多个版本取最新。Approved and within its dates; of several the newest counts"
    )

    @classmethod
    def of(cls, rule: PointsRule, at: datetime) -> Self:
        """The version, as of `at`."""
        return cls(
            code=rule.code,
            rule_version=rule.version,
            title_zh=rule.title_zh,
            title_en=rule.title_en,
            points=rule.points,
            daily_cap=rule.daily_cap,
            weekly_cap=rule.weekly_cap,
            valid_days=rule.valid_days,
            effective_from=rule.effective_from,
            effective_until=rule.effective_until,
            proposed_by=rule.proposed_by,
            proposed_at=rule.proposed_at,
            approved_by=rule.approved_by,
            approved_at=rule.approved_at,
            in_force=rule.in_force(at),
        )
