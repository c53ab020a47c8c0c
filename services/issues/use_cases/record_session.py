"""Record a session: who came, and the mediator's notes."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RecordSession:
    """Of which session."""

    mediation_id: UUID
    session_id: UUID
    attended: tuple[UUID, ...]
    notes: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def record_session(command: RecordSession, uow: IssuesUnitOfWork) -> Mediation:
    """Keep the notes sealed."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.record(command.session_id, attended=command.attended, notes=command.notes, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    return mediation
