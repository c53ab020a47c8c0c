"""What callers send and read about the standing roster and quorum."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.domain.words.meetings import MeetingKind, Seat
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label, View
from shared.http.bodies import Day, StrictBody


class AppointBody(StrictBody):
    """常驻代表：哪类会议、哪个席位、任期。Who sits in which standing seat, from when until when."""

    kind: MeetingKind
    seat: Seat
    person_id: UUID
    since: Day
    until: Day | None = Field(
        None, description="任期最后一天；不填为长期。Last day; open when left out", examples=[None]
    )


class LeaveBody(StrictBody):
    """任期最后一天。The last day of a term."""

    until: Day


class QuorumBody(StrictBody):
    """法定人数：超过应到人数的百分之几，且不少于几人。More than this share of the invited, and at least so many."""

    kind: MeetingKind
    over_percent: Annotated[int, Field(ge=0, le=99)] = Field(50, examples=[50])
    at_least: Annotated[int, Field(ge=0, le=500)] = 0

    def rule(self) -> QuorumRule:
        """In the words of the domain."""
        return QuorumRule(self.over_percent, self.at_least)


class RosterEntryView(View):
    """A person in a standing seat."""

    id: UUID
    kind: MeetingKind
    kind_label: Label
    seat: Seat
    seat_label: Label
    person_id: UUID
    since: date
    until: date | None
    appointed_at: datetime
    version: int

    @classmethod
    def of(cls, entry: RosterEntry) -> "RosterEntryView":
        """The entry."""
        return cls.model_construct(
            id=entry.id,
            kind=entry.kind,
            kind_label=Label.of(words(entry.kind)),
            seat=entry.seat,
            seat_label=Label.of(words(entry.seat)),
            person_id=entry.person_id,
            since=entry.since,
            until=entry.until,
            appointed_at=entry.appointed_at,
            version=entry.version,
        )


class QuorumRuleView(View):
    """The quorum of a kind of meeting."""

    kind: MeetingKind
    kind_label: Label
    over_percent: int
    at_least: int
    standing_seats: list[Seat]
