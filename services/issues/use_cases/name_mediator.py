"""Name another mediator."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.mediation_people import check_people
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NameMediator:
    """Who it will be."""

    mediation_id: UUID
    mediator_id: UUID
    by: Principal
    expected_version: int | None = None


@one_transaction
async def name_mediator(command: NameMediator, uow: IssuesUnitOfWork) -> Mediation:
    """They declare anew that nothing binds them to a party."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.name_mediator(command.mediator_id, by=by, at=uow.now())
    await check_people(mediation, uow)
    await uow.mediations.save(mediation)
    return mediation
