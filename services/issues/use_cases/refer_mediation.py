"""Refer the parties to whom it belongs: the judicial office, a court."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.mediation_ends import closed
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReferMediation:
    """The right address, and why."""

    mediation_id: UUID
    refer_to: str
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def refer_mediation(command: ReferMediation, uow: IssuesUnitOfWork) -> Mediation:
    """End it here; the parties read where to turn to."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.refer(command.refer_to, command.reason, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    await uow.publish(closed(mediation))
    return mediation
