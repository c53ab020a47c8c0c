"""Hold points: set them aside for something that will be fetched, until a time."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.volunteers.domain.errors import PersonNotFound
from services.volunteers.domain.points import Hold
from services.volunteers.ports import VolunteersUnitOfWork
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class HoldPoints:
    """`points` of `person` for `lasts`; an officer may do it for a member, `may_act_for_others`."""

    person: UUID
    points: int
    reason: str
    by: UUID
    lasts: timedelta
    may_act_for_others: bool = False


@one_transaction
async def hold_points(command: HoldPoints, uow: VolunteersUnitOfWork) -> Hold:
    """Set free points aside: they still belong to the person but cannot be spent elsewhere."""
    own = command.person == command.by
    if not own and not (command.may_act_for_others and await uow.people.belongs_here(command.person)):
        raise PersonNotFound
    at = uow.now()
    return await uow.ledger.hold(
        command.person, command.points, reason=command.reason, by=command.by, at=at, expires_at=at + command.lasts
    )
