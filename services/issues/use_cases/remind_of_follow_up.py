"""Remind: the day has come to ask whether an agreement holds."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.mediation import Mediation
from services.issues.domain.platform import PLATFORM
from services.issues.mediation_ends import FOLLOW_UP
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
    elif mediation.follow_up_at is not None and uow.now() < mediation.follow_up_at:
        # A clock that was set back must not lose a reminder: the timer that rang is gone, so it is set again.
        await uow.timers.set(FOLLOW_UP, mediation.id, mediation.follow_up_at)
    return mediation
