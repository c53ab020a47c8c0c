"""Expire claims: promises whose time is over go back on the wall. Run by the sweep, once per community."""

from dataclasses import dataclass

from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import WishReleased
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ExpireClaims:
    """At most `limit` in one transaction."""

    limit: int = 100


@one_transaction
async def expire_claims(command: ExpireClaims, uow: VolunteersUnitOfWork) -> int:
    """Put wishes with an expired claim back on the wall; returns how many."""
    at = uow.now()
    expired = 0
    for wish_id in await uow.wishes.with_expired_claims(at, limit=command.limit):
        wish = await uow.wishes.get(wish_id)
        if not wish.claim_has_expired(at):
            continue  # delivered or given back while we waited for it
        claim = wish.expire(at)
        await uow.wishes.save(wish)
        await uow.publish(
            WishReleased(wish_id=wish.id, wished_by=wish.wished_by, claimed_by=claim.claimed_by, expired=True)
        )
        expired += 1
    return expired
