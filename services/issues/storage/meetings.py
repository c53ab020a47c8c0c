"""The meetings of a community in PostgreSQL, with participants and agenda."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, RowMapping, bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert

from services.issues.domain.agenda import AgendaItem, Link
from services.issues.domain.card import is_confidential
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meeting import Meeting, Participant
from services.issues.domain.meetings.quorum import Quorum
from services.issues.domain.words.issues import IssueKind, Outcome
from services.issues.domain.words.meetings import Decision, LinkKind, MeetingKind, MeetingState, Red, Seat
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.meetings import agenda_items, meeting_participants, meetings
from services.issues.storage.tables.roster import minutes_sections
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version
from shared.principal import Principal

AS_THEY_ARE = (
    "minutes",
    "series_id",
    "series_day",
    "edited",
    "sequence",
    "cancelled_at",
    "cancelled_by",
    "cancel_reason",
    "minutes_signed_at",
    "minutes_signed_by",
    "minutes_published_at",
    "minutes_published_by",
    "public_summary",
)
"""Columns that are fields of a meeting under the same name."""
A_YEAR_OF_MEETINGS = 60
"""More meetings of one kind than this do not lie ahead."""
_COMMUNITY: BindParameter[str] = bindparam("of_community")
_ID: BindParameter[UUID] = bindparam("of_id")
ONE = select(meetings).where(meetings.c.community == _COMMUNITY, meetings.c.id == _ID)
PARTICIPANTS = (
    select(meeting_participants)
    .where(
        meeting_participants.c.community == _COMMUNITY,
        meeting_participants.c.meeting_id == _ID,
    )
    .order_by(meeting_participants.c.seat, meeting_participants.c.person_id)
)
ITEMS = (
    select(agenda_items, minutes_sections.c.text.label("minutes"), issues.c.kind, issues.c.category)
    .join(issues, (issues.c.community == agenda_items.c.community) & (issues.c.id == agenda_items.c.issue_id))
    .outerjoin(
        minutes_sections,
        (minutes_sections.c.community == agenda_items.c.community)
        & (minutes_sections.c.meeting_id == agenda_items.c.meeting_id)
        & (minutes_sections.c.section_id == agenda_items.c.id),
    )
    .where(agenda_items.c.community == _COMMUNITY, agenda_items.c.meeting_id == _ID)
    .order_by(agenda_items.c.position)
)
_KEPT = pg_insert(agenda_items)
KEEP_ITEMS = _KEPT.on_conflict_do_update(
    index_elements=["community", "id"],
    set_={
        column.name: _KEPT.excluded[column.name]
        for column in agenda_items.c
        if column.name not in ("community", "id", "meeting_id", "issue_id", "placed_by", "placed_at")
    },
)


class PostgresMeetingStore:
    """Satisfies `ports.MeetingStore`."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def get(self, meeting_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Meeting:
        """The meeting, if this person may see it."""
        this = {"of_community": self._uow.community, "of_id": meeting_id}
        row = (await self._uow.execute(ONE, this)).mappings().first()
        if row is None:
            raise MeetingNotFound
        people = (await self._uow.execute(PARTICIPANTS, this)).mappings().all()
        items = (await self._uow.execute(ITEMS, this)).mappings().all()
        meeting = meeting_of(row, people, items)
        if seen_by is not None:
            meeting.check_visible_to(seen_by)
        check_version(meeting.version, expected_version)
        return meeting

    async def upcoming(self, kind: MeetingKind, now: datetime) -> tuple[Meeting, ...]:
        """The convened meetings of a kind that have not begun, soonest first."""
        found = await self._uow.execute(
            select(meetings.c.id)
            .where(
                meetings.c.community == self._uow.community,
                meetings.c.starts_at > now,
                meetings.c.kind == kind.value,
                meetings.c.state == MeetingState.CONVENED.value,
            )
            .order_by(meetings.c.starts_at, meetings.c.id)
            .limit(A_YEAR_OF_MEETINGS)
        )
        return tuple([await self.get(meeting_id, seen_by=None) for meeting_id in found.scalars().all()])

    async def of_series(self, series_id: UUID) -> tuple[Meeting, ...]:
        """The newest meetings of a series, by their day."""
        found = await self._uow.execute(
            select(meetings.c.id)
            .where(meetings.c.community == self._uow.community, meetings.c.series_id == series_id)
            .order_by(meetings.c.series_day.desc())
            .limit(A_YEAR_OF_MEETINGS)
        )
        newest = [await self.get(meeting_id, seen_by=None) for meeting_id in found.scalars().all()]
        return tuple(reversed(newest))

    async def invite(self, meeting_id: UUID, participants: tuple[Participant, ...]) -> None:
        """Add people to the table."""
        community = self._uow.community
        rows = [
            {"community": community, "meeting_id": meeting_id, "person_id": one.person_id, "seat": one.seat.value}
            for one in dict.fromkeys(participants)
        ]
        if rows:
            await self._uow.execute(pg_insert(meeting_participants).on_conflict_do_nothing(), rows)

    async def uninvite(self, meeting_id: UUID, participant: Participant) -> None:
        """Take a person out of a seat."""
        await self._uow.execute(
            delete(meeting_participants).where(
                meeting_participants.c.community == self._uow.community,
                meeting_participants.c.meeting_id == meeting_id,
                meeting_participants.c.person_id == participant.person_id,
                meeting_participants.c.seat == participant.seat.value,
            )
        )

    async def add(self, meeting: Meeting) -> None:
        """Keep a new meeting."""
        community = self._uow.community
        await self._uow.execute(
            insert(meetings),
            {
                "community": community,
                "id": meeting.id,
                "kind": meeting.kind.value,
                "convened_by": meeting.convened_by,
                "convened_at": meeting.convened_at,
                "version": meeting.version,
                **changed_columns(meeting),
            },
        )
        await self.invite(meeting.id, meeting.participants)

    async def save(self, meeting: Meeting) -> None:
        """Keep a changed meeting with its items."""
        meeting.version = await save_versioned(
            self._uow,
            meetings,
            meeting.id,
            version=meeting.version,
            values=changed_columns(meeting),
            missing=MeetingNotFound,
        )
        if meeting.items:
            await self._uow.execute(
                KEEP_ITEMS,
                [
                    {"community": self._uow.community, "meeting_id": meeting.id, **item_columns(i)}
                    for i in meeting.items
                ],
            )


def changed_columns(meeting: Meeting) -> dict[str, object]:
    """What may change in the row of a meeting."""
    quorum = meeting.quorum
    return {
        "state": meeting.state.value,
        "closed_at": meeting.closed_at,
        "closed_by": meeting.closed_by,
        "quorum_invited": quorum.invited if quorum else None,
        "quorum_attended": quorum.attended if quorum else None,
        "quorum_needed": quorum.needed if quorum else None,
        "without_quorum": meeting.without_quorum,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "minutes_red": meeting.minutes_red.value,
        **{name: getattr(meeting, name) for name in AS_THEY_ARE},
    }


def meeting_of(row: RowMapping, people: Iterable[RowMapping], items: Iterable[RowMapping]) -> Meeting:
    """The meeting of its rows."""
    return Meeting(
        id=row["id"],
        kind=MeetingKind(row["kind"]),
        starts_at=row["starts_at"],
        place=row["place"],
        participants=tuple(Participant(one["person_id"], Seat(one["seat"])) for one in people),
        convened_by=row["convened_by"],
        convened_at=row["convened_at"],
        state=MeetingState(row["state"]),
        items=[item_of(item) for item in items],
        closed_at=row["closed_at"],
        closed_by=row["closed_by"],
        quorum=(
            None
            if row["quorum_needed"] is None
            else Quorum(row["quorum_invited"], row["quorum_attended"], row["quorum_needed"])
        ),
        without_quorum=row["without_quorum"],
        minutes_red=Red(row["minutes_red"]),
        **{name: row[name] for name in AS_THEY_ARE},
        version=row["version"],
    )


def item_columns(item: AgendaItem) -> dict[str, Any]:
    """The columns of an item; its minutes and what its issue tells are kept apart."""
    values = asdict(item)
    del values["minutes"], values["private"]
    values["links"] = [{"kind": link.kind.value, "id": str(link.id)} for link in item.links]
    return values


def item_of(row: RowMapping) -> AgendaItem:
    """The agenda item of a row."""
    values = {key: value for key, value in row.items() if key not in ("community", "meeting_id")}
    values["private"] = is_confidential(IssueKind(values.pop("kind")), values.pop("category"))
    if values["decision"] is not None:
        values["decision"] = Decision(values["decision"])
    if values["outcome"] is not None:
        values["outcome"] = Outcome(values["outcome"])
    values["links"] = tuple(Link(LinkKind(one["kind"]), UUID(one["id"])) for one in values["links"])
    return AgendaItem(**values)
