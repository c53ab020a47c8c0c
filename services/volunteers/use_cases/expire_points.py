"""Expire points: what outlived its rule and was never spent goes back, by ordinary transfers. Run by the sweep."""

from dataclasses import dataclass

from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsExpired
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ExpirePoints:
    """At most `limit` persons in one transaction."""

    limit: int = 100


@one_transaction
async def expire_points(command: ExpirePoints, uow: VolunteersUnitOfWork) -> int:
    """Take stale points back; returns from how many persons."""
    at = uow.now()
    expired = 0
    for person in await uow.ledger.persons_with_stale_points(at, limit=command.limit):
        transfer = await uow.ledger.expire(person, at=at)
        if transfer is None:
            continue
        await uow.publish(
            PointsExpired(
                transfer_id=transfer.id,
                person_id=transfer.person,
                points=-transfer.points,
                balance=transfer.account.balance,
            )
        )
        expired += 1
    return expired
