"""Reading meetings: one, the list, and the list of countermeasures."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.meeting import READERS, Meeting
from services.issues.domain.words.issues import Outcome, State
from services.issues.domain.words.meetings import Decision, MeetingKind, MeetingState, Red
from services.issues.domain.words.vocabulary import words
from services.issues.schemas.labels import Label
from services.issues.schemas.meetings import CountermeasureList, CountermeasureView, MeetingSummary
from services.issues.storage.meetings import ITEMS, ONE, PARTICIPANTS, meeting_of
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import organisations
from services.issues.storage.tables.meetings import agenda_items, meeting_participants, meetings
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

NOT_DONE = frozenset({State.ASSIGNED.value, State.IN_PROGRESS.value, State.WAITING.value, State.ON_AGENDA.value})
LATEST_FIRST = Keyset((meetings.c.starts_at, meetings.c.id), descending=True)


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Which meetings a list shows."""

    kind: MeetingKind | None = None
    state: MeetingState | None = None
    series_id: UUID | None = None
    red: Red | None = None


async def meeting_seen_by(connection: AsyncConnection, community: str, meeting_id: UUID, by: Principal) -> Meeting:
    """One meeting. Raises MeetingNotFound for a person who may not see it."""
    this = {"of_community": community, "of_id": meeting_id}
    row = (await connection.execute(ONE, this)).mappings().first()
    if row is None:
        raise MeetingNotFound
    people = (await connection.execute(PARTICIPANTS, this)).mappings().all()
    items = (await connection.execute(ITEMS, this)).mappings().all()
    meeting = meeting_of(row, people, items)
    meeting.check_visible_to(by)
    return meeting


async def meetings_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: MeetingFilter, page: PageAsked
) -> Page[MeetingSummary]:
    """The latest meetings that this person may see."""
    conditions = [meetings.c.community == community]
    if wanted.kind is not None:
        conditions.append(meetings.c.kind == wanted.kind.value)
    if wanted.state is not None:
        conditions.append(meetings.c.state == wanted.state.value)
    if wanted.series_id is not None:
        conditions.append(meetings.c.series_id == wanted.series_id)
    if wanted.red is not None:
        conditions.append(meetings.c.minutes_red == wanted.red.value)
    if not by.roles & READERS:
        conditions.append(
            exists().where(
                meeting_participants.c.community == meetings.c.community,
                meeting_participants.c.meeting_id == meetings.c.id,
                meeting_participants.c.person_id == by.person,
            )
        )
    statement = LATEST_FIRST.page(select(meetings).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = LATEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        MeetingSummary.model_construct(
            id=row.id,
            kind=MeetingKind(row.kind),
            starts_at=row.starts_at,
            place=row.place,
            state=MeetingState(row.state),
            closed_at=row.closed_at,
            minutes_red=Red(row.minutes_red),
            minutes_published_at=row.minutes_published_at,
            version=row.version,
        )
        for row in kept
    ]
    return Page[MeetingSummary].model_construct(items=items, next_cursor=cursor)


async def countermeasures_of(
    connection: AsyncConnection, meeting: Meeting, by: Principal, now: datetime
) -> CountermeasureList:
    """The list of problems and measures of a meeting, in the order of its agenda; of private matters only where they stand."""
    told = {item.id for item in meeting.items if item.is_told_to(by)}
    private = {item.id for item in meeting.items if item.private}
    found = await connection.execute(
        select(
            agenda_items,
            issues.c.number.label("issue_number"),
            issues.c.category,
            issues.c.title,
            issues.c.kind.label("issue_kind"),
            issues.c.state.label("issue_state"),
            issues.c.outcome.label("issue_outcome"),
            organisations.c.name.label("responsible_name"),
        )
        .join(issues, and_(issues.c.community == agenda_items.c.community, issues.c.id == agenda_items.c.issue_id))
        .outerjoin(
            organisations,
            and_(
                organisations.c.community == agenda_items.c.community,
                organisations.c.id == agenda_items.c.responsible_organisation,
            ),
        )
        .where(agenda_items.c.community == by.community, agenda_items.c.meeting_id == meeting.id)
        .order_by(agenda_items.c.position)
    )
    items = [
        CountermeasureView.model_construct(
            item_id=row.id,
            issue_id=row.issue_id,
            issue_number=row.issue_number,
            private=row.id in private,
            category=row.category if row.id in told else None,
            title=row.title if row.id in told else None,
            decision=Decision(row.decision) if row.decision else None,
            record=row.record if row.id in told else None,
            measure=row.plan if row.id in told else None,
            responsible_organisation=row.responsible_organisation if row.id in told else None,
            responsible_name=row.responsible_name if row.id in told else None,
            due_at=row.deadline,
            public_reply=row.public_reply if row.id in told else None,
            reason=row.reason if row.id in told else None,
            postponed_to=row.postponed_to,
            issue_state=State(row.issue_state),
            issue_state_label=Label.of(words(State(row.issue_state))),
            issue_outcome=Outcome(row.issue_outcome) if row.issue_outcome and row.id in told else None,
            overdue=row.deadline is not None and row.deadline < now and row.issue_state in NOT_DONE,
        )
        for row in found
    ]
    return CountermeasureList.model_construct(
        meeting_id=meeting.id,
        kind=meeting.kind,
        starts_at=meeting.starts_at,
        final=meeting.state is MeetingState.CLOSED,
        items=items,
    )
