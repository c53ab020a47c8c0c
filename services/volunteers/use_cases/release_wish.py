"""Release a wish: the claimant gives the promise back, the wish is open again."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishReleased
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReleaseWish:
    """`by` must hold the claim."""

    wish_id: UUID
    by: UUID
    expected_version: int | None = None


@one_transaction
async def release_wish(command: ReleaseWish, uow: VolunteersUnitOfWork) -> Wish:
    """Put a claimed wish back on the wall."""
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    claim = wish.release(by=command.by, at=uow.now())
    await uow.wishes.save(wish)
    await uow.publish(
        WishReleased(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claim.claimed_by, expired=False)
    )
    return wish
