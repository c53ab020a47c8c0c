"""End a mediation without an agreement."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.mediation_ends import closed
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FailMediation:
    """Why."""

    mediation_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def fail_mediation(command: FailMediation, uow: IssuesUnitOfWork) -> Mediation:
    """End it; the reason stays sealed."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.fail(command.reason, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    await uow.publish(closed(mediation))
    return mediation
