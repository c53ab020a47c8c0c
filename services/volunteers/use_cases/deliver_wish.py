"""Deliver a wish: the claimant brought it and says how; the wisher is asked to confirm."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishDelivered
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeliverWish:
    """`proof` tells what was brought, when and to whom."""

    wish_id: UUID
    by: UUID
    proof: str
    expected_version: int | None = None


@one_transaction
async def deliver_wish(command: DeliverWish, uow: VolunteersUnitOfWork) -> Wish:
    """Put the delivery on record with its proof."""
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    claim = wish.deliver(proof=command.proof, by=command.by, at=uow.now())
    await uow.wishes.save(wish)
    await uow.publish(WishDelivered(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claim.claimed_by))
    return wish
