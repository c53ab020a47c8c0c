"""Release a hold: the points that were set aside are free again."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.errors import HoldNotFound
from services.volunteers.domain.points import Hold
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """By the person whose points they are, or by an officer (`may_act_for_others`)."""

    hold_id: UUID
    by: UUID
    may_act_for_others: bool = False


@one_transaction
async def release_hold(command: ReleaseHold, uow: VolunteersUnitOfWork) -> Hold:
    """End an open hold without spending. Somebody else's hold is as good as none."""
    hold = await uow.ledger.hold_of(command.hold_id)
    if hold.person != command.by and not command.may_act_for_others:
        raise HoldNotFound
    return await uow.ledger.release(command.hold_id, at=uow.now())
