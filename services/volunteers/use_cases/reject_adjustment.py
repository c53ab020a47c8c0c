"""Reject a manual correction: a second person disagrees and says why."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RejectAdjustment:
    """`note` says why."""

    adjustment_id: UUID
    by: UUID
    note: str
    expected_version: int | None = None


@one_transaction
async def reject_adjustment(command: RejectAdjustment, uow: VolunteersUnitOfWork) -> Adjustment:
    """Close a proposal without moving points."""
    adjustment = await uow.adjustments.get(command.adjustment_id, expected_version=command.expected_version)
    adjustment.reject(note=command.note, by=command.by, at=uow.now())
    await uow.adjustments.save(adjustment)
    return adjustment
