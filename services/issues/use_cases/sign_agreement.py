"""Sign the agreement: a party for itself, or a signature on paper that is recorded."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """Whose signature; a party need not say."""

    mediation_id: UUID
    party_id: UUID | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def sign_agreement(command: SignAgreement, uow: IssuesUnitOfWork) -> Mediation:
    """Each party signs once."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.sign(command.party_id, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    return mediation
