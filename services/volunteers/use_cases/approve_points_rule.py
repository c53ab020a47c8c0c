"""Approve a version of a points rule: from its date on it is in force."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ApprovePointsRule:
    """`by` is not who proposed it."""

    code: str
    version: int
    by: UUID


@one_transaction
async def approve_points_rule(command: ApprovePointsRule, uow: VolunteersUnitOfWork) -> PointsRule:
    """Let a proposed version count."""
    rule = await uow.rules.get(command.code, command.version)
    rule.approve(by=command.by, at=uow.now())
    await uow.rules.save_approval(rule)
    return rule
