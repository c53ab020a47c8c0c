"""Write the agreement of the parties."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class WriteAgreement:
    """The text."""

    mediation_id: UUID
    text: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def write_agreement(command: WriteAgreement, uow: IssuesUnitOfWork) -> Mediation:
    """Keep it sealed; until a party signs it can be written anew."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.agree(command.text, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    return mediation
