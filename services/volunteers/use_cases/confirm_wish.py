"""Confirm a wish: the wisher says it came true. The wish is lit (点亮) and the claimant earns points, in one transaction."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.points import CapPolicy, Deed
from services.volunteers.domain.points_rule import WISH_LIT
from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsAwarded, WishLit
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ConfirmWish:
    """`by` must be the wisher; `thanks` goes to the claimant."""

    wish_id: UUID
    by: UUID
    thanks: str | None = None
    expected_version: int | None = None


@one_transaction
async def confirm_wish(command: ConfirmWish, uow: VolunteersUnitOfWork) -> Wish:
    """Light a delivered wish and award its claimant by the rule `wish_lit`, once.

    Caps may leave fewer points or none: that never keeps a wish from being lit.
    """
    at = uow.now()
    wish = await uow.wishes.get(command.wish_id, expected_version=command.expected_version)
    claim = wish.confirm(thanks=command.thanks, by=command.by, at=at)
    await uow.wishes.save(wish)
    await uow.publish(WishLit(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claim.claimed_by))
    transfer = await uow.ledger.award(
        claim.claimed_by,
        WISH_LIT,
        reason="点亮微心愿",
        deed=Deed("wish", wish.id),
        by=command.by,
        at=at,
        caps=CapPolicy.REDUCE,
    )
    if transfer is not None:
        await uow.publish(
            PointsAwarded(
                transfer_id=transfer.id,
                person_id=transfer.person,
                points=transfer.points,
                rule=WISH_LIT,
                balance=transfer.account.balance,
            )
        )
    return wish
