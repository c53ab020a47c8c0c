"""Remind: the day has come to ask whether an agreement holds."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.domain.platform import PLATFORM
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import MediationFollowUpDue
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RemindOfFollowUp:
    """Of which mediation."""

    mediation_id: UUID


@one_transaction
async def remind_of_follow_up(command: RemindOfFollowUp, uow: IssuesUnitOfWork) -> Mediation:
    """Tell the office once; nothing happens if somebody asked already."""
    mediation = await uow.mediations.get(command.mediation_id, seen_by=None)
    if mediation.remind(by=PLATFORM, at=uow.now()):
        await uow.mediations.save(mediation)
        await uow.publish(MediationFollowUpDue(mediation_id=mediation.id))
    return mediation
