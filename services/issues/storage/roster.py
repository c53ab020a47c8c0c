"""The standing roster and the rules of meetings in PostgreSQL."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import RowMapping, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.errors.roster import RosterEntryNotFound
from services.issues.domain.meetings.quorum import QuorumRule
from services.issues.domain.meetings.roster import RosterEntry
from services.issues.domain.words.meetings import MeetingKind, Seat
from services.issues.storage.tables.roster import meeting_roster, meeting_rules
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version


class PostgresRosterStore:
    """Satisfies `ports.RosterStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, entry_id: UUID, *, expected_version: int | None = None) -> RosterEntry:
        """An entry."""
        found = await self._uow.execute(
            select(meeting_roster).where(
                meeting_roster.c.community == self._uow.community, meeting_roster.c.id == entry_id
            )
        )
        row = found.mappings().first()
        if row is None:
            raise RosterEntryNotFound
        check_version(row["version"], expected_version)
        return entry_of(row)

    async def add(self, entry: RosterEntry) -> None:
        """Keep a new entry."""
        await self._uow.execute(
            insert(meeting_roster),
            {
                "community": self._uow.community,
                "id": entry.id,
                "kind": entry.kind.value,
                "seat": entry.seat.value,
                "person_id": entry.person_id,
                "since": entry.since,
                "until": entry.until,
                "appointed_by": entry.appointed_by,
                "appointed_at": entry.appointed_at,
                "version": entry.version,
            },
        )

    async def save(self, entry: RosterEntry) -> None:
        """Keep a changed entry."""
        entry.version = await save_versioned(
            self._uow,
            meeting_roster,
            entry.id,
            version=entry.version,
            values={"until": entry.until},
            missing=RosterEntryNotFound,
        )

    async def between(self, kind: MeetingKind, first: date, last: date | None) -> tuple[RosterEntry, ...]:
        """Entries that hold on some day of this time, with the roster of the kind locked until commit."""
        await self._uow.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"roster:{self._uow.community}:{kind.value}", 0)))
        )
        return await self._held(kind, first, last)

    async def on(self, kind: MeetingKind, day: date) -> tuple[RosterEntry, ...]:
        """Entries that hold on this day."""
        return await self._held(kind, day, day)

    async def _held(self, kind: MeetingKind, first: date, last: date | None) -> tuple[RosterEntry, ...]:
        conditions = [
            meeting_roster.c.community == self._uow.community,
            meeting_roster.c.kind == kind.value,
            or_(meeting_roster.c.until.is_(None), meeting_roster.c.until >= first),
        ]
        if last is not None:
            conditions.append(meeting_roster.c.since <= last)
        found = await self._uow.execute(select(meeting_roster).where(*conditions).order_by(meeting_roster.c.id))
        return tuple(entry_of(row) for row in found.mappings())


class PostgresMeetingRules:
    """Satisfies `ports.MeetingRules`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def quorum(self, kind: MeetingKind) -> QuorumRule:
        """The quorum of a kind of meeting."""
        found = await self._uow.execute(
            select(meeting_rules.c.over_percent, meeting_rules.c.at_least).where(
                meeting_rules.c.community == self._uow.community, meeting_rules.c.kind == kind.value
            )
        )
        row = found.first()
        return QuorumRule() if row is None else QuorumRule(row.over_percent, row.at_least)

    async def keep_quorum(self, kind: MeetingKind, rule: QuorumRule, *, by: UUID, at: datetime) -> None:
        """Decide on a quorum."""
        values = {
            "over_percent": rule.over_percent,
            "at_least": rule.at_least,
            "changed_by": by,
            "changed_at": at,
        }
        await self._uow.execute(
            pg_insert(meeting_rules)
            .values(community=self._uow.community, kind=kind.value, **values)
            .on_conflict_do_update(index_elements=["community", "kind"], set_=values)
        )


def entry_of(row: RowMapping) -> RosterEntry:
    """The entry of a row."""
    return RosterEntry(
        id=row["id"],
        kind=MeetingKind(row["kind"]),
        seat=Seat(row["seat"]),
        person_id=row["person_id"],
        since=row["since"],
        until=row["until"],
        appointed_by=row["appointed_by"],
        appointed_at=row["appointed_at"],
        version=row["version"],
    )
