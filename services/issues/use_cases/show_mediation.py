"""Show a mediation to a person who may see it; every look of the office is written down."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ShowMediation:
    """Which, and to whom."""

    mediation_id: UUID
    by: Principal


@one_transaction
async def show_mediation(command: ShowMediation, uow: IssuesUnitOfWork) -> Mediation:
    """Open what is sealed. If the look cannot be written down, nothing is shown."""
    mediation = await uow.mediations.get(command.mediation_id, seen_by=command.by)
    if mediation.look(by=command.by, at=uow.now()):
        await uow.mediations.note_look(mediation)
    return mediation
