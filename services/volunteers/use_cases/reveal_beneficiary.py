"""Reveal the beneficiary of a wish: to reviewers and to the current claimant, and every look is written down."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.beneficiary import Beneficiary, RevealPurpose
from services.volunteers.domain.errors import BeneficiaryNotFound
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RevealBeneficiary:
    """`may_review` tells whether `by` reviews wishes."""

    wish_id: UUID
    by: UUID
    purpose: RevealPurpose
    may_review: bool


@one_transaction
async def reveal_beneficiary(command: RevealBeneficiary, uow: VolunteersUnitOfWork) -> Beneficiary:
    """Open the sealed record. Whoever may not see it gets the same answer as if there were none."""
    at = uow.now()
    wish = await uow.wishes.get(command.wish_id)
    if not (command.may_review or wish.is_in_the_hands_of(command.by, at)):
        raise BeneficiaryNotFound
    return await uow.beneficiaries.reveal(wish.id, purpose=command.purpose, by=command.by, at=at)
