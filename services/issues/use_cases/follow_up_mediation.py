"""Follow up: ask whether the agreement holds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.mediation_ends import FOLLOW_UP, morning_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class FollowUpMediation:
    """What was found, and when to ask again."""

    mediation_id: UUID
    holds: bool
    note: str | None
    next_on: date | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def follow_up_mediation(command: FollowUpMediation, uow: IssuesUnitOfWork) -> Mediation:
    """Note it; another date sets another reminder."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    next_at = None if command.next_on is None else morning_of(command.next_on)
    mediation.follow_up(holds=command.holds, note=command.note, next_at=next_at, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    if next_at is None:
        await uow.timers.cancel(FOLLOW_UP, mediation.id)
    else:
        await uow.timers.set(FOLLOW_UP, mediation.id, next_at)
    return mediation
