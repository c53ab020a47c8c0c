"""Schedule a session of the parties with the mediator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ScheduleSession:
    """When and where."""

    mediation_id: UUID
    starts_at: datetime
    place: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def schedule_session(command: ScheduleSession, uow: IssuesUnitOfWork) -> Mediation:
    """Fix a date that lies ahead."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    mediation.schedule(starts_at=command.starts_at, place=command.place, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    return mediation
