"""Reading series of meetings, and what calendar programs show."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.documents.calendar import calendar_of_meetings, calendar_of_series
from services.issues.domain.calendar.calendars import Calendars
from services.issues.domain.calendar.working import OFFICE_HOURS
from services.issues.domain.errors.series import CalendarLinkNotFound, SeriesNotFound
from services.issues.domain.meeting import Meeting
from services.issues.domain.meetings.series import Series
from services.issues.domain.words.meetings import MeetingKind
from services.issues.schemas.series import CalendarLinkView, SeriesView
from services.issues.storage.meetings import meeting_of
from services.issues.storage.series import link_of, series_of
from services.issues.storage.tables.master_data import community_profiles, memberships
from services.issues.storage.tables.meetings import (
    meeting_calendar_links,
    meeting_participants,
    meeting_series,
    meetings,
)
from services.issues.use_cases.link_calendar import hash_of
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked

NEWEST_FIRST = Keyset((meeting_series.c.id,), descending=True)
LINKS_BY_ID = Keyset((meeting_calendar_links.c.id,), descending=True)
BEHIND, AHEAD = timedelta(days=90), timedelta(days=370)
MOST_SHOWN = 500
"""Meetings in one calendar: three years of weekly ones of three kinds."""


async def series_by_id(connection: AsyncConnection, community: str, series_id: UUID) -> Series:
    """One series. Raises SeriesNotFound."""
    found = await connection.execute(
        select(meeting_series).where(meeting_series.c.community == community, meeting_series.c.id == series_id)
    )
    row = found.mappings().first()
    if row is None:
        raise SeriesNotFound
    return series_of(row)


async def series_listed(
    connection: AsyncConnection, community: str, page: PageAsked, kind: MeetingKind | None
) -> Page[SeriesView]:
    """The newest series of a community, those that ended among them."""
    conditions = [meeting_series.c.community == community]
    if kind is not None:
        conditions.append(meeting_series.c.kind == kind.value)
    statement = NEWEST_FIRST.page(select(meeting_series).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = NEWEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[SeriesView].model_construct(
        items=[SeriesView.of(series_of(row._mapping)) for row in kept], next_cursor=cursor
    )


async def links_of(
    connection: AsyncConnection, community: str, person_id: UUID, page: PageAsked
) -> Page[CalendarLinkView]:
    """The calendar links of a person, newest first."""
    statement = LINKS_BY_ID.page(
        select(meeting_calendar_links).where(
            meeting_calendar_links.c.community == community, meeting_calendar_links.c.person_id == person_id
        ),
        limit=page.limit,
        cursor=page.cursor,
    )
    kept, cursor = LINKS_BY_ID.cut((await connection.execute(statement)).all(), limit=page.limit)
    return Page[CalendarLinkView].model_construct(
        items=[CalendarLinkView.of(link_of(row._mapping)) for row in kept], next_cursor=cursor
    )


async def series_calendar(connection: AsyncConnection, community: str, series_id: UUID, now: datetime) -> bytes:
    """A series as iCalendar."""
    series = await series_by_id(connection, community, series_id)
    of_series = await _meetings(connection, community, meetings.c.series_id == series.id)
    working = Calendars().working(OFFICE_HOURS)
    return calendar_of_series(series, of_series, working, now, name=await _name(connection, community, series))


async def linked_calendar(connection: AsyncConnection, community: str, token: str, now: datetime) -> bytes:
    """What stands behind a secret address. Raises CalendarLinkNotFound, also when the person has left the community."""
    found = await connection.execute(
        select(meeting_calendar_links).where(
            meeting_calendar_links.c.community == community,
            meeting_calendar_links.c.token_hash == hash_of(token),
            meeting_calendar_links.c.revoked_at.is_(None),
            exists().where(
                memberships.c.community == community,
                memberships.c.person_id == meeting_calendar_links.c.person_id,
                memberships.c.ended_at.is_(None),
            ),
        )
    )
    row = found.mappings().first()
    if row is None:
        raise CalendarLinkNotFound
    link = link_of(row)
    if link.series_id is not None:
        return await series_calendar(connection, community, link.series_id, now)
    invited = exists().where(
        meeting_participants.c.community == meetings.c.community,
        meeting_participants.c.meeting_id == meetings.c.id,
        meeting_participants.c.person_id == link.person_id,
    )
    near = (meetings.c.starts_at >= now - BEHIND) & (meetings.c.starts_at < now + AHEAD)
    mine = await _meetings(connection, community, near & invited)
    return calendar_of_meetings(mine, now, name=await _name(connection, community, None))


async def _meetings(connection: AsyncConnection, community: str, condition: ColumnElement[bool]) -> list[Meeting]:
    """Meetings without people and agenda, which no calendar shows."""
    found = await connection.execute(
        select(meetings)
        .where(meetings.c.community == community, condition)
        .order_by(meetings.c.starts_at.desc())
        .limit(MOST_SHOWN)
    )
    return [meeting_of(row, (), ()) for row in found.mappings()]


async def _name(connection: AsyncConnection, community: str, series: Series | None) -> str:
    found = await connection.execute(
        select(community_profiles.c.name).where(community_profiles.c.community == community)
    )
    what = series.plan.kind.words.zh if series is not None else "会议"
    return f"{found.scalar() or ''}{what}"
