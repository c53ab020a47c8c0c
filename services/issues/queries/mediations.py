"""Reading mediations: the list of those in which a person has a part, and counts. Nothing is unsealed here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.mediation_steps import MEDIATION_OFFICE
from services.issues.domain.period import Period
from services.issues.domain.words.mediations import MediationOutcome, MediationState
from services.issues.schemas.mediations import MediationFigures, MediationSummary
from services.issues.storage.tables.mediations import mediation_parties, mediations
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

NEWEST_FIRST = Keyset((mediations.c.id,), descending=True)


@dataclass(frozen=True, slots=True)
class MediationFilter:
    """Which mediations a list shows."""

    state: MediationState | None = None
    issue_id: UUID | None = None
    follow_up_before: datetime | None = None


async def mediations_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: MediationFilter, page: PageAsked
) -> Page[MediationSummary]:
    """The newest mediations in which this person has a part."""
    conditions: list[ColumnElement[bool]] = [mediations.c.community == community]
    if not by.roles & MEDIATION_OFFICE:
        party = select(mediation_parties.c.mediation_id).where(
            mediation_parties.c.community == community, mediation_parties.c.person_id == by.person
        )
        conditions.append(or_(mediations.c.mediator_id == by.person, mediations.c.id.in_(party)))
    if wanted.state is not None:
        conditions.append(mediations.c.state == wanted.state.value)
    if wanted.issue_id is not None:
        conditions.append(mediations.c.issue_id == wanted.issue_id)
    if wanted.follow_up_before is not None:
        conditions.append(mediations.c.follow_up_at < wanted.follow_up_before)
    statement = NEWEST_FIRST.page(select(mediations).where(*conditions), limit=page.limit, cursor=page.cursor)
    kept, cursor = NEWEST_FIRST.cut((await connection.execute(statement)).all(), limit=page.limit)
    items = [
        MediationSummary.model_construct(
            id=row.id,
            issue_id=row.issue_id,
            issue_number=row.issue_number,
            state=MediationState(row.state),
            outcome=MediationOutcome(row.outcome) if row.outcome else None,
            opened_at=row.opened_at,
            follow_up_at=row.follow_up_at,
            closed_at=row.closed_at,
            version=row.version,
        )
        for row in kept
    ]
    return Page[MediationSummary].model_construct(items=items, next_cursor=cursor)


async def mediation_figures(connection: AsyncConnection, community: str, period: Period) -> MediationFigures:
    """How many began and how many ended which way in a period."""
    begun = mediations.c.opened_at >= period.starts_at, mediations.c.opened_at < period.ends_before
    ended = mediations.c.closed_at >= period.starts_at, mediations.c.closed_at < period.ends_before
    of_community = mediations.c.community == community
    opened = (await connection.execute(select(func.count()).where(of_community, *begun))).scalar_one()
    found = await connection.execute(
        select(mediations.c.outcome, func.count()).where(of_community, *ended).group_by(mediations.c.outcome)
    )
    outcomes: dict[str, int] = {row[0]: row[1] for row in found}
    return MediationFigures.model_construct(
        since=period.first,
        until=period.last,
        opened=opened,
        closed=sum(outcomes.values()),
        settled=outcomes.get(MediationOutcome.SETTLED, 0),
        partly=outcomes.get(MediationOutcome.PARTLY, 0),
        failed=outcomes.get(MediationOutcome.FAILED, 0),
        referred=outcomes.get(MediationOutcome.REFERRED, 0),
    )
