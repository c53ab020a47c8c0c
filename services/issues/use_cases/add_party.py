"""Add a party: somebody else is concerned too."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import Party
from services.issues.mediation_people import check_people
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AddParty:
    """Whom."""

    mediation_id: UUID
    party: Party
    by: Principal
    expected_version: int | None = None


@one_transaction
async def add_party(command: AddParty, uow: IssuesUnitOfWork) -> Mediation:
    """Somebody else is concerned; the mediator declares anew."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.add_party(command.party, by=by, at=uow.now())
    await check_people(mediation, uow, "person_id")
    await uow.mediations.save(mediation)
    return mediation
