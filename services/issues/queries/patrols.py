"""Reading patrols: one, the list, what was found, and the figures of a period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.patrols import PatrolNotFound
from services.issues.domain.patrol import READERS, Patrol
from services.issues.domain.words.patrols import FindingKind, PatrolKind, PatrolState
from services.issues.schemas.patrols import FindingView, PatrolFiguresView, PatrolSummary
from services.issues.storage.patrols import ONE, PEOPLE, STOPS, finding_of, patrol_of
from services.issues.storage.tables.patrols import patrol_findings, patrol_participants, patrol_stops, patrols
from shared.clock import CHINA
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

LATEST_FIRST = Keyset((patrols.c.starts_at, patrols.c.id), descending=True)
IN_ORDER = Keyset((patrol_findings.c.id,))


@dataclass(frozen=True, slots=True)
class PatrolFilter:
    """Which patrols a list shows."""

    kind: PatrolKind | None = None
    state: PatrolState | None = None
    meeting_id: UUID | None = None
    grid_id: UUID | None = None
    mine: bool = False


async def patrol_seen_by(connection: AsyncConnection, community: str, patrol_id: UUID, by: Principal) -> Patrol:
    """One patrol. Raises PatrolNotFound for a person who may not see it."""
    this = {"of_community": community, "of_id": patrol_id}
    row = (await connection.execute(ONE, this)).mappings().first()
    if row is None:
        raise PatrolNotFound
    stops = (await connection.execute(STOPS, this)).mappings().all()
    patrol = patrol_of(row, stops, (await connection.execute(PEOPLE, this)).scalars().all())
    patrol.check_visible_to(by)
    return patrol


async def patrols_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: PatrolFilter, page: PageAsked
) -> Page[PatrolSummary]:
    """The latest patrols that this person may see."""
    conditions: list[ColumnElement[bool]] = [patrols.c.community == community]
    if wanted.kind is not None:
        conditions.append(patrols.c.kind == wanted.kind.value)
    if wanted.state is not None:
        conditions.append(patrols.c.state == wanted.state.value)
    if wanted.meeting_id is not None:
        conditions.append(patrols.c.meeting_id == wanted.meeting_id)
    if wanted.grid_id is not None:
        conditions.append(
            exists().where(
                patrol_stops.c.community == patrols.c.community,
                patrol_stops.c.patrol_id == patrols.c.id,
                patrol_stops.c.grid_id == wanted.grid_id,
            )
        )
    if wanted.mine or not by.roles & READERS:
        conditions.append(
            exists().where(
                patrol_participants.c.community == patrols.c.community,
                patrol_participants.c.patrol_id == patrols.c.id,
                patrol_participants.c.person_id == by.person,
            )
        )
    statement = LATEST_FIRST.page(select(patrols).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = LATEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        PatrolSummary.model_construct(
            id=row.id,
            kind=PatrolKind(row.kind),
            state=PatrolState(row.state),
            starts_at=row.starts_at,
            started_at=row.started_at,
            ended_at=row.ended_at,
            purpose=row.purpose,
            meeting_id=row.meeting_id,
            version=row.version,
        )
        for row in kept
    ]
    return Page[PatrolSummary].model_construct(items=items, next_cursor=cursor)


async def findings_of(
    connection: AsyncConnection, community: str, patrol_id: UUID, page: PageAsked
) -> Page[FindingView]:
    """What was found on a patrol, in the order in which it was written down."""
    statement = IN_ORDER.page(
        select(patrol_findings).where(
            patrol_findings.c.community == community, patrol_findings.c.patrol_id == patrol_id
        ),
        limit=page.limit,
        cursor=page.cursor,
    )
    kept, cursor = IN_ORDER.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [FindingView.of(finding_of(row._mapping)) for row in kept]
    return Page[FindingView].model_construct(items=items, next_cursor=cursor)


async def patrol_figures(
    connection: AsyncConnection, community: str, from_day: date, to_day: date
) -> PatrolFiguresView:
    """次、人次、人数 of the patrols that were due in a period of local days, and what was found in it."""
    since, until = _midnight(from_day), _midnight(to_day + timedelta(days=1))
    due = (patrols.c.community == community, patrols.c.starts_at >= since, patrols.c.starts_at < until)
    states = {
        PatrolState(row.state): row.patrols
        for row in await connection.execute(
            select(patrols.c.state, func.count().label("patrols")).where(*due).group_by(patrols.c.state)
        )
    }
    walked = (PatrolState.WALKING.value, PatrolState.DONE.value)
    people = (
        await connection.execute(
            select(func.count(), func.count(patrol_participants.c.person_id.distinct()))
            .select_from(
                patrol_participants.join(
                    patrols,
                    (patrols.c.community == patrol_participants.c.community)
                    & (patrols.c.id == patrol_participants.c.patrol_id),
                )
            )
            .where(*due, patrols.c.state.in_(walked))
        )
    ).one()
    found = (
        await connection.execute(
            select(
                patrol_findings.c.kind,
                func.count().label("found"),
                func.count(patrol_findings.c.issue_id).label("raised"),
            )
            .where(
                patrol_findings.c.community == community, patrol_findings.c.at >= since, patrol_findings.c.at < until
            )
            .group_by(patrol_findings.c.kind)
        )
    ).all()
    return PatrolFiguresView.of(
        (from_day, to_day),
        (
            states.get(PatrolState.WALKING, 0) + states.get(PatrolState.DONE, 0),
            states.get(PatrolState.MISSED, 0),
        ),
        (people[0], people[1]),
        ({FindingKind(row.kind): row.found for row in found}, sum(row.raised for row in found)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
