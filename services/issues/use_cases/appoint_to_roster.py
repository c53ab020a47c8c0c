"""Appoint somebody to the standing roster: from that day on every meeting of the kind invites them (practices 11 and 20)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.issues.domain.errors.master_data import UnknownParticipant
from services.issues.domain.errors.roster import AlreadyOnRoster, RosterFull
from services.issues.domain.meetings.roster import LARGEST_ROSTER, RosterEntry
from services.issues.domain.words.meetings import MeetingKind, Seat
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.invite_to_upcoming import invite_to_upcoming
from shared.contracts.issues import RosterChanged
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AppointToRoster:
    """Who, in which seat of which kind of meeting, from when until when."""

    kind: MeetingKind
    seat: Seat
    person_id: UUID
    since: date
    until: date | None
    by: Principal


@one_transaction
async def appoint_to_roster(command: AppointToRoster, uow: IssuesUnitOfWork) -> RosterEntry:
    """Seat a person, and invite them to the meetings that are already convened for the time of their term."""
    entry = RosterEntry.appoint(
        entry_id=new_id(),
        kind=command.kind,
        seat=command.seat,
        person_id=command.person_id,
        since=command.since,
        until=command.until,
        by=command.by.person,
        at=uow.now(),
    )
    try:
        await uow.directory.check_members((entry.person_id,))
    except UnknownParticipant:
        raise UnknownParticipant(fields={"person_id": ("不是本社区成员", "not a member of this community")}) from None
    held = await uow.roster.between(entry.kind, entry.since, entry.until)
    if any(entry.overlaps(one) for one in held):
        raise AlreadyOnRoster
    if len(held) >= LARGEST_ROSTER:
        raise RosterFull
    await uow.roster.add(entry)
    await invite_to_upcoming(entry, uow)
    await uow.publish(RosterChanged(entry_id=entry.id, kind=entry.kind, seat=entry.seat, person_id=entry.person_id))
    return entry
