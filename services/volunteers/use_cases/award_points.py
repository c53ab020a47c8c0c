"""Award points: an officer rewards a deed by a rule, within the rule's caps."""

from dataclasses import dataclass
from uuid import UUID

from services.volunteers.domain.errors import PersonNotFound, PointsCapReached, SecondPersonNeeded
from services.volunteers.domain.points import CapPolicy, Deed, Transfer
from services.volunteers.ports import VolunteersUnitOfWork
from shared.contracts.volunteers import PointsAwarded
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AwardPoints:
    """`deed` names what was done, so that it earns its points once."""

    person: UUID
    rule: str
    reason: str
    by: UUID
    deed: Deed | None = None


@one_transaction
async def award_points(command: AwardPoints, uow: VolunteersUnitOfWork) -> Transfer:
    """Give a member what the rule gives. Nobody awards points to himself."""
    if command.by == command.person:
        raise SecondPersonNeeded
    if not await uow.people.belongs_here(command.person):
        raise PersonNotFound
    transfer = await uow.ledger.award(
        command.person,
        command.rule,
        reason=command.reason,
        deed=command.deed,
        by=command.by,
        at=uow.now(),
        caps=CapPolicy.REFUSE,
    )
    if transfer is None:
        raise PointsCapReached
    await uow.publish(
        PointsAwarded(
            transfer_id=transfer.id,
            person_id=transfer.person,
            points=transfer.points,
            rule=command.rule,
            balance=transfer.account.balance,
        )
    )
    return transfer
