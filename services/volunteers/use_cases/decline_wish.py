"""Decline a wish: a reviewer says no, with a reason for the wisher."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishDeclined
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeclineWish:
    """`reason` is read by the wisher."""

    wish_id: UUID
    by: UUID
    reason: str
    expected_version: int | None = None


@one_transaction
async def decline_wish(command: DeclineWish, uow: VolunteersUnitOfWork) -> Wish:
    """Refuse a submitted wish."""
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    wish.decline(reason=command.reason, by=command.by, at=uow.now())
    await uow.wishes.save(wish)
    await uow.publish(WishDeclined(wish_id=wish.id, wished_by=wish.wished_by))
    return wish
