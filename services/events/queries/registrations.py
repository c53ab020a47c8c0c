"""Who is registered for an event, and one's own registrations."""

from uuid import UUID

from sqlalchemy import RowMapping, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.events.domain.errors import EventNotFound, RegistrationNotFound
from services.events.domain.event import EventState
from services.events.domain.registration import Registration, RegistrationState
from services.events.schemas.registrations import (
    CheckInView,
    EventBrief,
    MyRegistrationView,
    RegistrationDetailView,
    RegistrationView,
)
from services.events.storage.check_ins import check_in_of
from services.events.storage.registrations import registration_of
from services.events.storage.tables import check_ins, events, registrations
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked

IN_ORDER = Keyset((registrations.c.position, registrations.c.id))
NEWEST = Keyset((registrations.c.registered_at, registrations.c.id), descending=True)

_ahead = registrations.alias("ahead")
_WAITS = RegistrationState.WAITLISTED.value
RANK = case(
    (
        registrations.c.state == _WAITS,
        1
        + select(func.count())
        .select_from(_ahead)
        .where(
            _ahead.c.community == registrations.c.community,
            _ahead.c.event_id == registrations.c.event_id,
            _ahead.c.state == _WAITS,
            _ahead.c.position < registrations.c.position,
        )
        .correlate(registrations)
        .scalar_subquery(),
    ),
).label("rank")
"""Households that wait ahead, plus one; counted, because it changes with everybody who leaves."""


async def registrations_of_event(
    connection: AsyncConnection, community: str, event_id: UUID, page: PageAsked, state: RegistrationState | None
) -> Page[RegistrationView]:
    """All registrations of an event in their order, for organisers. Raises EventNotFound."""
    known = select(events.c.id).where(events.c.community == community, events.c.id == event_id)
    if (await connection.execute(known)).first() is None:
        raise EventNotFound
    c = registrations.c
    statement = select(registrations, RANK).where(c.community == community, c.event_id == event_id)
    if state is not None:
        statement = statement.where(c.state == state.value)
    rows = (await connection.execute(IN_ORDER.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, next_cursor = IN_ORDER.cut(rows, limit=page.limit)
    items = [RegistrationView.of(_ranked(row._mapping)) for row in kept]
    return Page[RegistrationView](items=items, next_cursor=next_cursor)


async def my_registrations(
    connection: AsyncConnection, community: str, person: UUID, page: PageAsked
) -> Page[MyRegistrationView]:
    """A person's own registrations, newest first."""
    c, e = registrations.c, events.c
    brief = e.title, e.place, e.starts_at, e.state.label("event_state")
    statement = (
        select(registrations, RANK, *brief)
        .join(events, (e.community == c.community) & (e.id == c.event_id))
        .where(c.community == community, c.registered_by == person)
    )
    rows = (await connection.execute(NEWEST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, next_cursor = NEWEST.cut(rows, limit=page.limit)
    return Page[MyRegistrationView](items=[_mine(row._mapping) for row in kept], next_cursor=next_cursor)


async def registration_by_id(
    connection: AsyncConnection, community: str, event_id: UUID, registration_id: UUID, *, person: UUID | None
) -> RegistrationDetailView:
    """One registration with its arrivals; of `person`, or of anybody when None. Raises RegistrationNotFound."""
    c = registrations.c
    wanted = select(registrations, RANK).where(
        c.community == community, c.event_id == event_id, c.id == registration_id
    )
    row = (await connection.execute(wanted)).mappings().first()
    if row is None or person not in (None, row["registered_by"]):
        raise RegistrationNotFound
    arrivals = (
        select(check_ins)
        .where(check_ins.c.community == community, check_ins.c.registration_id == registration_id)
        .order_by(check_ins.c.recorded_at, check_ins.c.id)
    )
    found = (await connection.execute(arrivals)).mappings()
    return RegistrationDetailView.with_check_ins(_ranked(row), [CheckInView.of(check_in_of(one)) for one in found])


def _ranked(row: RowMapping) -> Registration:
    registration = registration_of(row)
    registration.rank = row["rank"]
    return registration


def _mine(row: RowMapping) -> MyRegistrationView:
    event = EventBrief(
        title=row["title"], place=row["place"], starts_at=row["starts_at"], state=EventState(row["event_state"])
    )
    return MyRegistrationView.with_event(_ranked(row), event)
