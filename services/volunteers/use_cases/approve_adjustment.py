"""Approve a manual correction: a second person agrees, and the points move at once."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsAdjusted
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ApproveAdjustment:
    """`by` is neither who proposed it nor whose points they are."""

    adjustment_id: UUID
    by: UUID
    expected_version: int | None = None


@one_transaction
async def approve_adjustment(command: ApproveAdjustment, uow: VolunteersUnitOfWork) -> Adjustment:
    """Post the correction. Refused when it would overdraw the account."""
    at = uow.now()
    adjustment = await uow.adjustments.get(command.adjustment_id, expected_version=command.expected_version)
    adjustment.approve(by=command.by, at=at)
    await uow.adjustments.save(adjustment)
    transfer = await uow.ledger.adjust(adjustment, at=at)
    await uow.publish(
        PointsAdjusted(
            transfer_id=transfer.id,
            person_id=transfer.person,
            points=transfer.points,
            balance=transfer.account.balance,
            proposed_by=adjustment.proposed_by,
            approved_by=command.by,
        )
    )
    return adjustment
