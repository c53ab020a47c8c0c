"""Reading whistles: one, the list, its history, and how fast units arrive."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.whistles import WhistleNotFound
from services.issues.domain.issue import DISPUTE_READERS
from services.issues.domain.period import Period
from services.issues.domain.whistle import READERS, Whistle
from services.issues.domain.whistle_steps import ANSWERING
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.whistles import UnitState, WhistleLevel, WhistleState
from services.issues.schemas.whistles import (
    ArrivalStatistics,
    UnitArrivals,
    UnitSummary,
    WhistleEntryView,
    WhistleSummary,
)
from services.issues.storage.tables.master_data import organisations
from services.issues.storage.tables.whistles import whistle_history, whistle_units, whistles
from services.issues.storage.whistle_rows import entry_of, whistle_of
from services.issues.storage.whistles import ONE, UNITS
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal, Role

NEWEST_FIRST = Keyset((whistles.c.id,), descending=True)
OLDEST_FIRST = Keyset((whistle_history.c.id,))


@dataclass(frozen=True, slots=True)
class WhistleFilter:
    """Which whistles a list shows; what is left out does not narrow it."""

    state: WhistleState | None = None
    level: WhistleLevel | None = None
    unit: UUID | None = None
    issue_id: UUID | None = None
    missed: bool | None = None


async def whistle_seen_by(connection: AsyncConnection, community: str, whistle_id: UUID, by: Principal) -> Whistle:
    """One whistle. Raises WhistleNotFound for a person who may not see it."""
    this = {"of_community": community, "of_id": whistle_id}
    row = (await connection.execute(ONE, this)).mappings().first()
    if row is None:
        raise WhistleNotFound
    whistle = whistle_of(row, (await connection.execute(UNITS, this)).mappings().all())
    whistle.check_visible_to(by)
    return whistle


async def whistles_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: WhistleFilter, page: PageAsked
) -> Page[WhistleSummary]:
    """The newest whistles that this person may see."""
    conditions = [whistles.c.community == community, *_narrowed(community, wanted)]
    visible = _visible_to(community, by)
    if visible is not None:
        conditions.append(visible)
    statement = NEWEST_FIRST.page(select(whistles).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = NEWEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    units = await _units_of(connection, community, [row.id for row in kept])
    items = [
        WhistleSummary.model_construct(
            id=row.id,
            issue_id=row.issue_id,
            issue_number=row.issue_number,
            category=row.category,
            level=WhistleLevel(row.level),
            place=row.place,
            state=WhistleState(row.state),
            missed=row.missed,
            blown_at=row.blown_at,
            ended_at=row.ended_at,
            units=units[row.id],
            version=row.version,
        )
        for row in kept
    ]
    return Page[WhistleSummary].model_construct(items=items, next_cursor=cursor)


async def history_of_whistle(
    connection: AsyncConnection, community: str, whistle: Whistle, by: Principal, page: PageAsked
) -> Page[WhistleEntryView]:
    """What happened, oldest first; a unit reads what concerns itself and the whistle as a whole."""
    conditions = [whistle_history.c.community == community, whistle_history.c.whistle_id == whistle.id]
    hidden = [unit.organisation for unit in whistle.units if not whistle.reads_all_of(unit, by)]
    if hidden:
        conditions.append(or_(whistle_history.c.organisation.is_(None), whistle_history.c.organisation.not_in(hidden)))
    statement = OLDEST_FIRST.page(select(whistle_history).where(*conditions), limit=page.limit, cursor=page.cursor)
    rows = (await connection.execute(statement)).all()
    kept, cursor = OLDEST_FIRST.cut(rows, limit=page.limit)
    items = [WhistleEntryView.of(entry_of(row._mapping)) for row in kept]
    return Page[WhistleEntryView].model_construct(items=items, next_cursor=cursor)


async def arrivals_by_unit(
    connection: AsyncConnection,
    community: str,
    by: Principal,
    *,
    period: Period,
    level: WhistleLevel | None,
) -> ArrivalStatistics:
    """How each unit that was called in the period answered; people of a unit see their own."""
    call = whistle_units.c
    conditions = [call.community == community, call.called_at >= period.starts_at, call.called_at < period.ends_before]
    if level is not None:
        conditions.append(call.level == level.value)
    if not by.roles & (READERS | {Role.SUBDISTRICT_OFFICER}):
        conditions.append(call.organisation.in_(_organisations(by)))
    arrived, missed = call.arrived_at.is_not(None), call.missed_at.is_not(None)
    # Released before anybody came and before the time was up: no answer of this unit can be counted.
    excluded = and_(call.state == UnitState.RELEASED.value, ~arrived, ~missed)
    pending = and_(call.state != UnitState.RELEASED.value, ~arrived, ~missed)
    minutes = func.extract("epoch", call.arrived_at - call.called_at) / 60
    found = await connection.execute(
        select(
            call.organisation,
            func.max(organisations.c.name).label("name"),
            func.count().label("called"),
            func.count().filter(excluded).label("excluded"),
            func.count().filter(pending).label("pending"),
            func.count().filter(arrived).label("arrived"),
            func.count().filter(and_(arrived, call.arrived_at < call.due_at)).label("in_time"),
            func.count().filter(missed).label("missed"),
            func.percentile_disc(0.5).within_group(minutes.asc()).filter(arrived).label("median"),
        )
        .join(
            organisations,
            and_(organisations.c.community == call.community, organisations.c.id == call.organisation),
        )
        .where(*conditions)
        .group_by(call.organisation)
        .order_by(func.count().filter(missed).desc(), call.organisation)
        .limit(MOST_UNITS)
    )
    units = [
        UnitArrivals.model_construct(
            organisation=row.organisation,
            name=row.name,
            called=row.called,
            excluded=row.excluded,
            pending=row.pending,
            arrived=row.arrived,
            in_time=row.in_time,
            missed=row.missed,
            median_minutes=None if row.median is None else int(row.median),
        )
        for row in found
    ]
    return ArrivalStatistics.model_construct(since=period.first, until=period.last, level=level, units=units)


MOST_UNITS = 500
"""No community calls more units than that."""


def _narrowed(community: str, wanted: WhistleFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(whistles.c.state == wanted.state.value)
    if wanted.level is not None:
        conditions.append(whistles.c.level == wanted.level.value)
    if wanted.unit is not None:
        conditions.append(_calls(community, [wanted.unit]))
    if wanted.issue_id is not None:
        conditions.append(whistles.c.issue_id == wanted.issue_id)
    if wanted.missed is not None:
        conditions.append(whistles.c.missed if wanted.missed else ~whistles.c.missed)
    return conditions


def _visible_to(community: str, by: Principal) -> ColumnElement[bool] | None:
    """The rule of `Whistle.visible_to` as a condition; None for those who see everything. A test compares the two."""
    if by.roles & DISPUTE_READERS:
        return None
    mine: list[ColumnElement[bool]] = [_calls(community, _organisations(by))]
    if by.roles & READERS:
        mine.append(whistles.c.issue_kind != IssueKind.DISPUTE.value)
    if Role.SUBDISTRICT_OFFICER in by.roles:
        mine.append(whistles.c.missed)
    return or_(*mine)


def _organisations(by: Principal) -> list[UUID]:
    return sorted({one for role in ANSWERING for one in by.organisations(role)})


def _calls(community: str, units: Sequence[UUID]) -> ColumnElement[bool]:
    return whistles.c.id.in_(
        select(whistle_units.c.whistle_id).where(
            whistle_units.c.community == community, whistle_units.c.organisation.in_(units)
        )
    )


async def _units_of(
    connection: AsyncConnection, community: str, ids: Sequence[UUID]
) -> defaultdict[UUID, list[UnitSummary]]:
    units: defaultdict[UUID, list[UnitSummary]] = defaultdict(list)
    if not ids:
        return units
    found = await connection.execute(
        select(whistle_units)
        .where(whistle_units.c.community == community, whistle_units.c.whistle_id.in_(ids))
        .order_by(whistle_units.c.whistle_id, whistle_units.c.position)
    )
    for row in found:
        units[row.whistle_id].append(
            UnitSummary.model_construct(
                organisation=row.organisation,
                state=UnitState(row.state),
                due_at=row.due_at,
                arrived_at=row.arrived_at,
                missed_at=row.missed_at,
            )
        )
    return units
