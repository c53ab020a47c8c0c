"""How the use cases keep the standing roster and the rules of quorum."""

from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.domain.words.meetings import MeetingKind


class RosterStore(Protocol):
    """Who sits at every meeting of a kind."""

    async def get(self, entry_id: UUID, *, expected_version: int | None = None) -> RosterEntry:
        """An entry. Raises RosterEntryNotFound or PreconditionFailed."""
        ...

    async def add(self, entry: RosterEntry) -> None:
        """Keep a new entry."""
        ...

    async def save(self, entry: RosterEntry) -> None:
        """Keep a changed entry. Raises ConcurrentChange."""
        ...

    async def between(self, kind: MeetingKind, first: date, last: date | None) -> tuple[RosterEntry, ...]:
        """Entries of a kind that hold on some day of this time. Those who change the roster of a kind wait for each other."""
        ...

    async def on(self, kind: MeetingKind, day: date) -> tuple[RosterEntry, ...]:
        """Entries of a kind that hold on this day."""
        ...


class MeetingRules(Protocol):
    """What a community decided about its meetings."""

    async def quorum(self, kind: MeetingKind) -> QuorumRule:
        """The quorum of a kind of meeting; more than half unless decided otherwise."""
        ...

    async def keep_quorum(self, kind: MeetingKind, rule: QuorumRule, *, by: UUID, at: datetime) -> None:
        """Decide on a quorum."""
        ...
