"""Reverse a transfer: a mistake is taken back by a new transfer, once; history is never changed."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.errors import SecondPersonNeeded
from services.volunteers.domain.points import Transfer
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsReversed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReverseTransfer:
    """`reason` is shown to the person whose points they were."""

    transfer_id: UUID
    reason: str
    by: UUID


@one_transaction
async def reverse_transfer(command: ReverseTransfer, uow: VolunteersUnitOfWork) -> Transfer:
    """Post the opposite of a transfer. Points that the person no longer has become debt, never a negative balance."""
    transfer = await uow.ledger.reverse(command.transfer_id, reason=command.reason, by=command.by, at=uow.now())
    if transfer.person == command.by:
        raise SecondPersonNeeded  # nobody gives points back to himself; raising takes the posting back
    await uow.publish(
        PointsReversed(
            transfer_id=transfer.id,
            reverses_id=command.transfer_id,
            person_id=transfer.person,
            points=transfer.points,
            balance=transfer.account.balance,
        )
    )
    return transfer
