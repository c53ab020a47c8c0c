"""Expire holds: points that nobody fetched are free again. Run by the sweep, once per community."""

from dataclasses import dataclass

from services.volunteers.domain.errors import HoldNotOpen
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ExpireHolds:
    """At most `limit` in one transaction."""

    limit: int = 100


@one_transaction
async def expire_holds(command: ExpireHolds, uow: VolunteersUnitOfWork) -> int:
    """Free the points of holds whose time is over; returns how many holds."""
    at = uow.now()
    expired = 0
    for hold_id in await uow.ledger.expired_holds(at, limit=command.limit):
        try:
            await uow.ledger.release(hold_id, at=at, expired=True)
        except HoldNotOpen:
            continue  # captured or released while we waited for it
        expired += 1
    return expired
