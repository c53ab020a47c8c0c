"""Claim a wish: one person promises to make it come true, however many try at the same moment."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishClaimed, WishReleased
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ClaimWish:
    """`by` promises."""

    wish_id: UUID
    by: UUID
    expected_version: int | None = None


@one_transaction
async def claim_wish(command: ClaimWish, uow: VolunteersUnitOfWork) -> Wish:
    """Promise a published wish until the claim expires. A claim that has expired already makes way here too."""
    at = uow.now()
    open_claims = await uow.wishes.open_claims_of(command.by, at)
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    gone = wish.claim_for(command.by, claim_id=new_id(), open_claims=open_claims, at=at)
    await uow.wishes.save(wish)
    if gone is not None:
        await uow.publish(
            WishReleased(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=gone.claimed_by, expired=True)
        )
    if wish.claim is not None:
        await uow.publish(
            WishClaimed(
                wish_id=wish.id, wished_by=wish.wished_by, claimed_by=command.by, expires_at=wish.claim.expires_at
            )
        )
    return wish
