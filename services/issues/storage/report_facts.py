"""What counting must know of issues: their facts, their steps and the ends of their clocks, as PostgreSQL has them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, RowMapping, Uuid, any_, literal, select

from services.issues.domain.rates.contribution import Facts
from services.issues.domain.rates.deadlines import NO_CLOCKS, KeptDeadlines
from services.issues.domain.rates.reading import Step
from services.issues.domain.words.clocks import ClockCode
from services.issues.domain.words.issues import Tier
from services.issues.storage.tables.clocks import issue_clocks
from services.issues.storage.tables.issues import issue_history, issues
from shared.database.unit_of_work import UnitOfWork

REPEATED_WITHIN = timedelta(days=90)

REPEATS = """
SELECT one.id FROM issues AS one CROSS JOIN LATERAL (
    SELECT FROM issues AS other
    WHERE other.community = $1 AND other.building_id = one.building_id AND other.category = one.category
      AND other.registered_at BETWEEN one.registered_at - $3::interval AND one.registered_at
      AND (other.registered_at, other.id) < (one.registered_at, one.id) LIMIT 1) AS earlier
WHERE one.community = $1 AND one.id = ANY ($2::uuid[]) AND one.building_id IS NOT NULL
"""
"""Looked up for each issue, whatever the statistics say: as a join of all with all it took seconds over a million issues."""

_FACTS = (
    issues.c.id,
    issues.c.kind,
    issues.c.category,
    issues.c.source,
    issues.c.building_id,
    issues.c.reported_by,
    issues.c.registered_at,
    issues.c.tier,
    issues.c.outcome,
    issues.c.quantity_kind,
    issues.c.quantity,
    issues.c.review_at,
)


async def read_facts(uow: UnitOfWork, issue_ids: Sequence[UUID]) -> Sequence[tuple[Facts, Sequence[Step]]]:
    """What counting must know of these issues, in the order of their ids."""
    ids, community = sorted(issue_ids), uow.community
    found = await uow.execute(
        select(*_FACTS).where(issues.c.community == community, among(issues.c.id, ids)).order_by(issues.c.id)
    )
    repeats = {row["id"] for row in await uow.fetch_rows(REPEATS, community, ids, REPEATED_WITHIN)}
    steps: defaultdict[UUID, list[Step]] = defaultdict(list)
    for row in await uow.execute(
        select(issue_history)
        .where(issue_history.c.community == community, among(issue_history.c.issue_id, ids))
        .order_by(issue_history.c.issue_id, issue_history.c.id)
    ):
        steps[row.issue_id].append(
            Step(row.verb, row.from_state, row.to_state, row.done_by, row.at, row.round, row.details)
        )
    kept = await _deadlines(uow, ids)
    return [
        (_facts_of(row, row["id"] in repeats, kept.get(row["id"], NO_CLOCKS)), steps[row["id"]])
        for row in found.mappings()
    ]


async def _deadlines(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, KeptDeadlines]:
    """The ends of T2 and T3 as the clocks of these issues have them; of two parts of a T3 the later one, its extension."""
    contact: dict[UUID, datetime] = {}
    solve: defaultdict[UUID, dict[int, datetime]] = defaultdict(dict)
    clocks = issue_clocks.c
    for row in await uow.execute(
        select(clocks.issue_id, clocks.code, clocks.round, clocks.due_at)
        .where(
            clocks.community == uow.community,
            among(clocks.issue_id, ids),
            clocks.code.in_([ClockCode.CONTACT.value, ClockCode.SOLVE.value]),
        )
        .order_by(clocks.issue_id, clocks.code, clocks.round, clocks.part)
    ):
        if row.code == ClockCode.CONTACT:
            contact[row.issue_id] = row.due_at
        else:
            solve[row.issue_id][row.round] = row.due_at
    return {
        issue_id: KeptDeadlines(contact.get(issue_id), tuple(solve[issue_id].items()))
        for issue_id in {*contact, *solve}
    }


def among(column: ColumnElement[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    """One parameter, however many ids: the statement stays the same and prepared."""
    return column == any_(literal(list(ids), ARRAY(Uuid())))


def _facts_of(row: RowMapping, repeats: bool, deadlines: KeptDeadlines) -> Facts:
    return Facts(
        issue_id=row["id"],
        kind=row["kind"],
        category=row["category"],
        source=row["source"],
        building_id=row["building_id"],
        reported_by=row["reported_by"],
        registered_at=row["registered_at"],
        tier=Tier(row["tier"]) if row["tier"] else None,
        outcome=row["outcome"],
        quantity_kind=row["quantity_kind"],
        quantity=row["quantity"],
        review_at=row["review_at"],
        repeats=repeats,
        deadlines=deadlines,
    )
