"""Propose a manual correction of somebody's points; another person decides."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.domain.errors import PersonNotFound
from services.volunteers.ports import VolunteersUnitOfWork
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeAdjustment:
    """`points` up or down, not zero."""

    person: UUID
    points: int
    reason: str
    by: UUID


@one_transaction
async def propose_adjustment(command: ProposeAdjustment, uow: VolunteersUnitOfWork) -> Adjustment:
    """Put a correction on record; no points move yet."""
    if not await uow.people.belongs_here(command.person):
        raise PersonNotFound
    adjustment = Adjustment(
        id=new_id(),
        person=command.person,
        points=command.points,
        reason=command.reason,
        proposed_by=command.by,
        proposed_at=uow.now(),
    )
    await uow.adjustments.add(adjustment)
    return adjustment
