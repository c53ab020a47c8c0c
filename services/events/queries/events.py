"""Lists and single events with their places."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.events.domain.errors import EventNotFound
from services.events.domain.event import EventKind, EventState
from services.events.domain.occasion import Occasion
from services.events.domain.places import Places
from services.events.schemas.events import EventView
from services.events.storage.events import event_of
from services.events.storage.tables import event_places, events
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked

BY_START = Keyset((events.c.starts_at, events.c.id))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters of the list; None does not filter."""

    drafts: bool
    state: EventState | None = None
    kind: EventKind | None = None
    programme: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


async def events_by_start(
    connection: AsyncConnection, community: str, page: PageAsked, wanted: Wanted
) -> Page[EventView]:
    """Events, earliest first."""
    c = events.c
    statement = _with_places(community)
    if not wanted.drafts:
        statement = statement.where(c.state != EventState.DRAFT.value)
    if wanted.state is not None:
        statement = statement.where(c.state == wanted.state.value)
    if wanted.kind is not None:
        statement = statement.where(c.kind == wanted.kind.value)
    if wanted.programme is not None:
        statement = statement.where(c.programme == wanted.programme)
    if wanted.starts_from is not None:
        statement = statement.where(c.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        statement = statement.where(c.starts_at < wanted.starts_before)
    rows = (await connection.execute(BY_START.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, next_cursor = BY_START.cut(rows, limit=page.limit)
    return Page[EventView](items=[_view(row._mapping) for row in kept], next_cursor=next_cursor)


async def event_by_id(connection: AsyncConnection, community: str, event_id: UUID, *, drafts: bool) -> EventView:
    """One event. Raises EventNotFound, also for a draft that is not this person's business."""
    row = (await connection.execute(_with_places(community).where(events.c.id == event_id))).mappings().first()
    if row is None or (row["state"] == EventState.DRAFT.value and not drafts):
        raise EventNotFound
    return _view(row)


def _with_places(community: str) -> Select[tuple[object, ...]]:
    p = event_places.c
    counters = p.is_open, p.confirmed_persons, p.waiting, p.last_position, p.closes_at
    joined = events.join(event_places, (p.community == events.c.community) & (p.event_id == events.c.id))
    return select(events, *counters).select_from(joined).where(events.c.community == community)


def _view(row: RowMapping) -> EventView:
    places = Places(**{name: row[name] for name in Places.__dataclass_fields__})
    return EventView.of(Occasion(event_of(row), places))
