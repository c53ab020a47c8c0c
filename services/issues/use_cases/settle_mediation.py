"""Settle: the agreement is signed by everybody, and a day is fixed to ask whether it holds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.domain.words.mediations import MediationOutcome
from services.issues.mediation_ends import FOLLOW_UP, closed, morning_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SettleMediation:
    """How far it is settled, and the day of the follow-up."""

    mediation_id: UUID
    outcome: MediationOutcome
    follow_up_on: date
    by: Principal
    expected_version: int | None = None


@one_transaction
async def settle_mediation(command: SettleMediation, uow: IssuesUnitOfWork) -> Mediation:
    """End the mediation, and let the office be reminded."""
    by = command.by
    mediation = await uow.mediations.get(command.mediation_id, seen_by=by, expected_version=command.expected_version)
    follow_up_at = morning_of(command.follow_up_on)
    mediation.settle(command.outcome, follow_up_at, by=by, at=uow.now())
    await uow.mediations.save(mediation)
    await uow.timers.set(FOLLOW_UP, mediation.id, follow_up_at)
    await uow.publish(closed(mediation))
    return mediation
