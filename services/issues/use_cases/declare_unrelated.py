"""Declare: the mediator has no tie of family or interest to a party, or steps back."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeclareUnrelated:
    """What the mediator declares."""

    mediation_id: UUID
    unrelated: bool
    by: Principal
    expected_version: int | None = None


@one_transaction
async def declare_unrelated(command: DeclareUnrelated, uow: IssuesUnitOfWork) -> Mediation:
    """Without the declaration nothing goes on."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.declare(unrelated=command.unrelated, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    return mediation
