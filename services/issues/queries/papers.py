"""Gathers what a meeting's papers show, as far as the reader may see the matters that were discussed.

Paper leaves the platform and goes round the table: telephone and other personal numbers in people's words are hidden, as in what is
public. The minutes as they were written stay whole where they were written.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.documents.paper import ItemLine, Paper, SeatLine
from services.issues.documents.wording import PRINTED, spoken
from services.issues.domain.masking import masked
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.attendance import sheet_of
from services.issues.domain.words.issues import State
from services.issues.domain.words.meetings import Decision, MeetingState
from services.issues.domain.words.vocabulary import Words
from services.issues.queries.attendance import attendance_noted, quorum_rules, seats_of
from services.issues.queries.meetings import NOT_DONE, meeting_seen_by
from services.issues.queries.minutes import sections_of
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import categories, community_profiles, organisations
from services.issues.storage.tables.meetings import agenda_items, meetings
from shared.http.context import Language
from shared.principal import Principal


async def paper_of(
    connection: AsyncConnection, community: str, meeting_id: UUID, by: Principal, *, now: datetime, language: Language
) -> Paper:
    """A meeting's papers for this person, in this language. Raises MeetingNotFound."""
    meeting = await meeting_seen_by(connection, community, meeting_id, by)
    noted = await attendance_noted(connection, community, meeting.id)
    sheet = sheet_of(meeting, noted, (await quorum_rules(connection, community))[meeting.kind])
    quorum = meeting.quorum or sheet.quorum
    sections = {one.section_id: one.text for one in await sections_of(connection, community, meeting.id)}
    name = await connection.execute(
        select(community_profiles.c.name).where(community_profiles.c.community == community)
    )
    return Paper(
        community=name.scalar() or "",
        kind=meeting.kind,
        starts_at=meeting.starts_at,
        closed_at=meeting.closed_at,
        place=meeting.place,
        final=meeting.state is MeetingState.CLOSED,
        seats=tuple(
            SeatLine(spoken(one.seat.words, language), one.invited, one.attended) for one in seats_of(meeting, noted)
        ),
        invited=quorum.invited,
        attended=quorum.attended,
        needed=quorum.needed,
        late=sheet.late,
        excused=sheet.excused,
        guests=sheet.guests,
        without_quorum=_hidden(meeting.without_quorum),
        general=_hidden(sections.get(meeting.id) or None),
        items=await _items(connection, meeting, sections, by, now, language=language),
        signed_at=meeting.minutes_signed_at,
        published_at=meeting.minutes_published_at,
        printed_at=now,
        language=language,
    )


async def _items(
    connection: AsyncConnection,
    meeting: Meeting,
    sections: dict[UUID, str],
    by: Principal,
    now: datetime,
    *,
    language: Language,
) -> tuple[ItemLine, ...]:
    later = meetings.alias("later")
    found = await connection.execute(
        select(
            agenda_items,
            issues.c.number,
            issues.c.category,
            issues.c.title,
            issues.c.state,
            categories.c.name_zh,
            categories.c.name_en,
            organisations.c.name.label("responsible"),
            later.c.starts_at.label("later_at"),
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
        .outerjoin(
            later, and_(later.c.community == agenda_items.c.community, later.c.id == agenda_items.c.postponed_to)
        )
        .where(agenda_items.c.community == by.community, agenda_items.c.meeting_id == meeting.id)
        .order_by(agenda_items.c.position)
    )
    told = {item.id for item in meeting.items if item.is_told_to(by)}
    lines = []
    for row in found:
        shown = row.id in told
        lines.append(
            ItemLine(
                position=row.position,
                number=row.number,
                category=spoken(Words(row.name_zh, row.name_en), language) if shown else "",
                title=masked(row.title).text if shown else spoken(PRINTED["private"], language),
                record=_hidden(row.record or sections.get(row.id)) if shown else None,
                decision=Decision(row.decision) if row.decision else None,
                measure=_hidden(row.plan) if shown else None,
                responsible=row.responsible if shown else None,
                due_at=row.deadline,
                public_reply=_hidden(row.public_reply) if shown else None,
                reason=_hidden(row.reason) if shown else None,
                postponed_to=row.later_at,
                state=spoken(State(row.state).words, language),
                overdue=row.deadline is not None and row.deadline < now and row.state in NOT_DONE,
            )
        )
    return tuple(lines)


def _hidden(text: str | None) -> str | None:
    return None if text is None else masked(text).text
