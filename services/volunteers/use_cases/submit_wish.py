"""Submit a micro-wish: for oneself, or as a proxy for somebody who agreed."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.beneficiary import Beneficiary
from services.volunteers.domain.errors import ConsentMissing, PersonNotFound, ProxyNotAllowed
from services.volunteers.domain.wish import Wish
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishSubmitted
from shared.ids import new_id
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SubmitWish:
    """`by` submits; `wished_by` is whose wish it is. `consent` says how a represented person agreed."""

    by: UUID
    title: str
    need: str
    wished_by: UUID
    may_represent_others: bool = False
    consent: str | None = None
    beneficiary: Beneficiary | None = None


@one_transaction
async def submit_wish(command: SubmitWish, uow: VolunteersUnitOfWork) -> Wish:
    """Put a wish on record for review; what is said about the beneficiary is sealed and kept apart."""
    represents = command.wished_by != command.by
    if represents:
        if not command.may_represent_others:
            raise ProxyNotAllowed
        if not command.consent:
            raise ConsentMissing
        if not await uow.people.belongs_here(command.wished_by):
            raise PersonNotFound
    wish = Wish(
        id=new_id(),
        wished_by=command.wished_by,
        submitted_by=command.by,
        title=command.title,
        need=command.need,
        submitted_at=uow.now(),
        consent=command.consent if represents else None,
    )
    await uow.wishes.add(wish)
    if command.beneficiary is not None:
        await uow.beneficiaries.add(wish.id, command.beneficiary)
    await uow.publish(WishSubmitted(wish_id=wish.id, wished_by=wish.wished_by))
    return wish
