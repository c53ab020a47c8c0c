"""Open a mediation of a dispute: parties, and somebody else between them."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party
from services.issues.mediation_people import check_people
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MediationOpened
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class OpenMediation:
    """Which dispute, whose, and who mediates."""

    issue_id: UUID
    parties: tuple[Party, ...]
    mediator_id: UUID
    by: Principal


@one_transaction
async def open_mediation(command: OpenMediation, uow: IssuesUnitOfWork) -> Mediation:
    """Begin. The message says that it began, and nothing else."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by)
    mediation = Mediation.open(
        issue=issue, parties=command.parties, mediator_id=command.mediator_id, by=by, at=uow.now()
    )
    await check_people(mediation, uow)
    await uow.mediations.add(mediation)
    await uow.publish(MediationOpened(mediation_id=mediation.id))
    return mediation
