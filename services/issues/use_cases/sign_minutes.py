"""Sign minutes: the chair stands for what is written; or takes the signature back to correct something."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meeting import Meeting
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class SignMinutes:
    """Which meeting; `take_back`: write on, before anything is published."""

    meeting_id: UUID
    by: Principal
    take_back: bool = False
    expected_version: int | None = None


@one_transaction
async def sign_minutes(command: SignMinutes, uow: IssuesUnitOfWork) -> Meeting:
    """From here on nothing is written any more, until the signature is taken back."""
    by = command.by
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by, expected_version=command.expected_version)
    if command.take_back:
        meeting.reopen_minutes()
    else:
        meeting.sign_minutes(by=by.person, at=uow.now())
    await uow.meetings.save(meeting)
    return meeting
