"""Reading minutes: as they are written, as everybody reads them; proposed topics; and what an agenda could hold."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.card import is_confidential
from services.issues.domain.errors.meetings import MeetingNotFound
from services.issues.domain.masking import masked
from services.issues.domain.meeting import READERS, Meeting
from services.issues.domain.words.issues import IssueKind, State, Tier
from services.issues.domain.words.meetings import Decision, MeetingKind, Why
from services.issues.domain.words.vocabulary import words
from services.issues.queries.attendance import attendance_noted, seats_of
from services.issues.queries.issues import seen_by
from services.issues.schemas.attendance import QuorumView
from services.issues.schemas.labels import Label
from services.issues.schemas.minutes import (
    MinutesVersionView,
    MinutesView,
    PublicItemView,
    PublicMinutesView,
    PublishedView,
    ReasonView,
    SectionView,
    SuggestionView,
    TopicView,
)
from services.issues.storage.meetings import ITEMS, ONE, PARTICIPANTS, meeting_of
from services.issues.storage.minutes import proposal_of, section_of
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import categories, organisations
from services.issues.storage.tables.meetings import agenda_items, meetings
from services.issues.storage.tables.roster import meeting_proposals, minutes_sections, minutes_versions
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

NEWEST_VERSION_FIRST = Keyset((minutes_versions.c.version,), descending=True)
LATEST_PUBLISHED = Keyset((meetings.c.minutes_published_at, meetings.c.id), descending=True)
TOPICS = Keyset((meeting_proposals.c.id,))
LONGEST_DUE = Keyset((issues.c.solve_by, issues.c.id))
DISCUSSABLE = (State.ACCEPTED.value, State.IN_PROGRESS.value)


async def sections_of(connection: AsyncConnection, community: str, meeting_id: UUID) -> list[SectionView]:
    """The sections of a meeting's minutes."""
    found = await connection.execute(
        select(minutes_sections)
        .where(minutes_sections.c.community == community, minutes_sections.c.meeting_id == meeting_id)
        .order_by(minutes_sections.c.section_id)
    )
    return [SectionView.of(section_of(row)) for row in found.mappings()]


async def minutes_of(connection: AsyncConnection, community: str, meeting: Meeting, by: Principal) -> MinutesView:
    """The minutes as they are written, without the sections of private matters that this person does not read."""
    untold = {item.id for item in meeting.items if not item.is_told_to(by)}
    sections = await sections_of(connection, community, meeting.id)
    return MinutesView.of(meeting, [one for one in sections if one.section_id not in untold])


async def versions_of(
    connection: AsyncConnection, community: str, meeting_id: UUID, section_id: UUID, page: PageAsked
) -> Page[MinutesVersionView]:
    """What a section was, newest first."""
    statement = NEWEST_VERSION_FIRST.page(
        select(minutes_versions).where(
            minutes_versions.c.community == community,
            minutes_versions.c.meeting_id == meeting_id,
            minutes_versions.c.section_id == section_id,
        ),
        limit=page.limit,
        cursor=page.cursor,
    )
    kept, cursor = NEWEST_VERSION_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        MinutesVersionView.model_construct(
            version=row.version, text=row.text, edited_by=row.edited_by, edited_at=row.edited_at
        )
        for row in kept
    ]
    return Page[MinutesVersionView].model_construct(items=items, next_cursor=cursor)


async def published_listed(connection: AsyncConnection, community: str, page: PageAsked) -> Page[PublishedView]:
    """Meetings whose minutes are published, the latest first."""
    statement = LATEST_PUBLISHED.page(
        select(meetings.c.id, meetings.c.kind, meetings.c.starts_at, meetings.c.minutes_published_at).where(
            meetings.c.community == community, meetings.c.minutes_published_at.is_not(None)
        ),
        limit=page.limit,
        cursor=page.cursor,
    )
    kept, cursor = LATEST_PUBLISHED.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        PublishedView.model_construct(
            meeting_id=row.id,
            kind=MeetingKind(row.kind),
            kind_label=Label.of(words(MeetingKind(row.kind))),
            starts_at=row.starts_at,
            published_at=row.minutes_published_at,
        )
        for row in kept
    ]
    return Page[PublishedView].model_construct(items=items, next_cursor=cursor)


async def public_minutes(connection: AsyncConnection, community: str, meeting_id: UUID) -> PublicMinutesView:
    """What everybody reads. Raises MeetingNotFound while nothing is published."""
    this = {"of_community": community, "of_id": meeting_id}
    row = (await connection.execute(ONE, this)).mappings().first()
    if row is None or row["minutes_published_at"] is None:
        raise MeetingNotFound
    people = (await connection.execute(PARTICIPANTS, this)).mappings().all()
    meeting = meeting_of(row, people, (await connection.execute(ITEMS, this)).mappings().all())
    seats = seats_of(meeting, await attendance_noted(connection, community, meeting_id))
    items, hidden = await _public_items(connection, community, meeting_id)
    return PublicMinutesView.model_construct(
        meeting_id=meeting.id,
        kind=meeting.kind,
        kind_label=Label.of(words(meeting.kind)),
        starts_at=meeting.starts_at,
        place=meeting.place,
        published_at=row["minutes_published_at"],
        summary=meeting.public_summary,
        quorum=QuorumView.of(meeting.quorum) if meeting.quorum else None,
        seats=seats,
        items=items,
        not_public=hidden,
    )


async def _public_items(
    connection: AsyncConnection, community: str, meeting_id: UUID
) -> tuple[list[PublicItemView], int]:
    found = await connection.execute(
        select(
            agenda_items,
            issues.c.number,
            issues.c.kind,
            issues.c.category,
            categories.c.name_zh,
            categories.c.name_en,
            organisations.c.name.label("responsible_name"),
        )
        .join(issues, and_(issues.c.community == agenda_items.c.community, issues.c.id == agenda_items.c.issue_id))
        .join(categories, and_(categories.c.community == issues.c.community, categories.c.code == issues.c.category))
        .outerjoin(
            organisations,
            and_(
                organisations.c.community == agenda_items.c.community,
                organisations.c.id == agenda_items.c.responsible_organisation,
            ),
        )
        .where(agenda_items.c.community == community, agenda_items.c.meeting_id == meeting_id)
        .order_by(agenda_items.c.position)
    )
    rows = found.all()
    items = []
    for row in rows:
        if _is_private(row.kind, row.category):
            continue
        decision = Decision(row.decision) if row.decision else None
        items.append(
            PublicItemView.model_construct(
                number=row.number,
                category=row.category,
                category_name=Label(zh=row.name_zh, en=row.name_en),
                decision=decision,
                decision_label=Label.of(words(decision)) if decision else None,
                public_reply=_hidden(row.public_reply),
                measure=_hidden(row.plan),
                responsible_name=row.responsible_name,
                due_at=row.deadline,
            )
        )
    return items, len(rows) - len(items)


def _is_private(kind: str, category: str) -> bool:
    return is_confidential(IssueKind(kind), category)


def _hidden(text: str | None) -> str | None:
    return None if text is None else masked(text).text


async def topics_of(
    connection: AsyncConnection, community: str, meeting: Meeting, by: Principal, page: PageAsked
) -> Page[TopicView]:
    """Proposed topics; those who are not of the office see their own."""
    conditions = [meeting_proposals.c.community == community, meeting_proposals.c.meeting_id == meeting.id]
    if not by.roles & READERS:
        conditions.append(meeting_proposals.c.proposed_by == by.person)
    statement = TOPICS.page(select(meeting_proposals).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = TOPICS.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[TopicView].model_construct(
        items=[TopicView.of(proposal_of(row._mapping)) for row in kept], next_cursor=cursor
    )


async def suggestions(
    connection: AsyncConnection, community: str, by: Principal, page: PageAsked, *, why: Why | None, now: datetime
) -> Page[SuggestionView]:
    """Matters that a meeting could discuss: accepted or in progress, the longest due first, each with the reasons."""
    conditions: list[ColumnElement[bool]] = [
        issues.c.community == community,
        issues.c.state.in_(DISCUSSABLE),
        issues.c.solve_by.is_not(None),
    ]
    if why is Why.OVERDUE:
        conditions.append(issues.c.solve_by < now)
    if why is Why.REPEATED:
        conditions.append(issues.c.repeat_of.is_not(None))
    visible = seen_by(by)
    if visible is not None:
        conditions.append(visible)
    statement = LONGEST_DUE.page(select(issues).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = LONGEST_DUE.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        SuggestionView.model_construct(
            issue_id=row.id,
            number=row.number,
            title=row.title,
            kind=IssueKind(row.kind),
            category=row.category,
            state=State(row.state),
            tier=Tier(row.tier),
            solve_by=row.solve_by,
            why=[ReasonView.model_construct(code=code, label=Label.of(words(code))) for code in _reasons(row, now)],
        )
        for row in kept
    ]
    return Page[SuggestionView].model_construct(items=items, next_cursor=cursor)


def _reasons(row: Any, now: datetime) -> list[Why]:
    found = [Why.UNRESOLVED]
    if row.repeat_of is not None:
        found.insert(0, Why.REPEATED)
    if row.solve_by < now:
        found.insert(0, Why.OVERDUE)
    return found
