"""The standing roster (常驻代表): who sits at every meeting of a kind, in which part, from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.issues.domain.errors.roster import RosterDatesWrong, SeatNotStanding
from services.issues.domain.meeting import STANDING_SEATS, Participant
from services.issues.domain.words.meetings import MeetingKind, Seat
from services.issues.domain.words.vocabulary import words

LARGEST_ROSTER = 200
"""Standing members of one kind of meeting at a time: an invitation list stays one that a person can read."""


@dataclass(slots=True, kw_only=True)
class RosterEntry:
    """One person in one seat. `until` is the last day; open while it is None."""

    id: UUID
    kind: MeetingKind
    seat: Seat
    person_id: UUID
    since: date
    until: date | None
    appointed_by: UUID
    appointed_at: datetime
    version: int = 1

    @classmethod
    def appoint(
        cls,
        *,
        entry_id: UUID,
        kind: MeetingKind,
        seat: Seat,
        person_id: UUID,
        since: date,
        until: date | None,
        by: UUID,
        at: datetime,
    ) -> "RosterEntry":
        """Seat a person. Only the standing seats of the kind have a roster; everybody else is invited to one meeting."""
        if seat not in STANDING_SEATS[kind]:
            named = "、".join(words(one).zh for one in STANDING_SEATS[kind])
            raise SeatNotStanding(
                f"{words(kind).zh}的常驻席位是：{named}",
                f"The standing seats of a {words(kind).en} are: {', '.join(STANDING_SEATS[kind])}",
                fields={"seat": ("不是常驻席位", "is no standing seat of this kind")},
            )
        entry = cls(
            id=entry_id,
            kind=kind,
            seat=seat,
            person_id=person_id,
            since=since,
            until=until,
            appointed_by=by,
            appointed_at=at,
        )
        entry._check_dates()
        return entry

    def end(self, until: date) -> None:
        """Say which day is the last; it may be said anew."""
        self.until = until
        self._check_dates()

    def sits_on(self, day: date) -> bool:
        """Whether the person holds the seat on this day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: "RosterEntry") -> bool:
        """Whether both are the same person in the same seat at the same time."""
        same = (self.kind, self.seat, self.person_id) == (other.kind, other.seat, other.person_id)
        return same and self.since <= (other.until or date.max) and other.since <= (self.until or date.max)

    def _check_dates(self) -> None:
        if self.until is not None and self.until < self.since:
            raise RosterDatesWrong(fields={"until": ("不能早于开始日期", "must not be before the first day")})


def invited_by(roster: Iterable[RosterEntry], day: date) -> tuple[Participant, ...]:
    """The participants that a roster gives to a meeting on this day, in the order of the seats."""
    seats = list(Seat)
    sitting = [Participant(entry.person_id, entry.seat) for entry in roster if entry.sits_on(day)]
    return tuple(sorted(dict.fromkeys(sitting), key=lambda one: (seats.index(one.seat), one.person_id)))
