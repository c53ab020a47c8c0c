"""Propose a points rule, or a new version of one; another person puts it in force."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.volunteers.domain.errors import RuleDatesOutOfOrder
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposePointsRule:
    """Caps in points per person; `effective_from` None: from its proposal on, as soon as it is approved."""

    code: str
    title_zh: str
    title_en: str
    points: int
    by: UUID
    daily_cap: int | None = None
    weekly_cap: int | None = None
    valid_days: int | None = None
    effective_from: datetime | None = None
    effective_until: datetime | None = None


@one_transaction
async def propose_points_rule(command: ProposePointsRule, uow: VolunteersUnitOfWork) -> PointsRule:
    """Put the next version of a rule on record; earlier versions stay as they were."""
    at = uow.now()
    effective_from = command.effective_from or at
    if command.effective_until is not None and command.effective_until <= effective_from:
        raise RuleDatesOutOfOrder
    rule = PointsRule(
        code=command.code,
        version=await uow.rules.next_version(command.code),
        title_zh=command.title_zh,
        title_en=command.title_en,
        points=command.points,
        daily_cap=command.daily_cap,
        weekly_cap=command.weekly_cap,
        valid_days=command.valid_days,
        effective_from=effective_from,
        effective_until=command.effective_until,
        proposed_by=command.by,
        proposed_at=at,
    )
    await uow.rules.add(rule)
    return rule
