"""Capture a hold: the thing was fetched, the points that were set aside are spent."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.points import Transfer
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsRedeemed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class CaptureHold:
    """`by` is the officer who handed the thing over."""

    hold_id: UUID
    by: UUID


@one_transaction
async def capture_hold(command: CaptureHold, uow: VolunteersUnitOfWork) -> Transfer:
    """Turn an open hold into a transfer."""
    transfer = await uow.ledger.capture(command.hold_id, by=command.by, at=uow.now())
    await uow.publish(
        PointsRedeemed(
            transfer_id=transfer.id,
            person_id=transfer.person,
            points=-transfer.points,
            balance=transfer.account.balance,
        )
    )
    return transfer
