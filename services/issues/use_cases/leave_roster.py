"""Let somebody leave the standing roster: meetings after that day no longer invite them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.issues.domain.errors.roster import AlreadyOnRoster
from services.issues.domain.meeting import Participant
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.clock import CHINA
from shared.contracts.issues import RosterChanged
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class LeaveRoster:
    """Which entry, and its last day."""

    entry_id: UUID
    until: date
    expected_version: int | None = None


@one_transaction
async def leave_roster(command: LeaveRoster, uow: IssuesUnitOfWork) -> RosterEntry:
    """Say which day is the last, and take the person off the lists of the meetings after it."""
    entry = await uow.roster.get(command.entry_id, expected_version=command.expected_version)
    entry.end(command.until)
    held = await uow.roster.between(entry.kind, entry.since, entry.until)
    if any(entry.overlaps(one) for one in held if one.id != entry.id):
        raise AlreadyOnRoster
    await uow.roster.save(entry)
    for meeting in await uow.meetings.upcoming(entry.kind, uow.now()):
        if not entry.sits_on(meeting.starts_at.astimezone(CHINA).date()):
            await uow.meetings.uninvite(meeting.id, Participant(entry.person_id, entry.seat))
    await uow.publish(RosterChanged(entry_id=entry.id, kind=entry.kind, seat=entry.seat, person_id=entry.person_id))
    return entry
