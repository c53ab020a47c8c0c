"""Keep our copy of who holds which role, so that notices by role find their people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notify.ports import NotifyUnitOfWork
from services.notify.use_cases.tell_people import TellPeople, tell
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class KeepMembership:
    """A role that was granted or has ended, and the fact to tell the person."""

    membership_id: UUID
    person: UUID
    organisation: UUID | None
    role: str
    holds: bool
    since: datetime
    telling: TellPeople


@one_transaction
async def keep_membership(command: KeepMembership, uow: NotifyUnitOfWork) -> int:
    """Note who holds the role, or that it ended, and tell the person; returns how many were told."""
    if command.holds:
        await uow.directory.grant(
            command.membership_id, command.person, command.organisation, command.role, command.since
        )
    else:
        await uow.directory.end(command.membership_id)
    return await tell(command.telling, uow)
