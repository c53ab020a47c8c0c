"""Debit points: something was handed over at the desk, its price leaves the account at once."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.errors import PersonNotFound
from services.volunteers.domain.points import Transfer
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsRedeemed
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DebitPoints:
    """`points` is positive; `reason` says what was handed over."""

    person: UUID
    points: int
    reason: str
    by: UUID


@one_transaction
async def debit_points(command: DebitPoints, uow: VolunteersUnitOfWork) -> Transfer:
    """Take free points from a member's account; never more than there are."""
    if not await uow.people.belongs_here(command.person):
        raise PersonNotFound
    transfer = await uow.ledger.debit(
        command.person, command.points, reason=command.reason, by=command.by, at=uow.now()
    )
    await uow.publish(
        PointsRedeemed(
            transfer_id=transfer.id,
            person_id=transfer.person,
            points=command.points,
            balance=transfer.account.balance,
        )
    )
    return transfer
