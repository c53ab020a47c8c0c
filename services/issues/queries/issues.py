"""Reading issues: one, its history, and the list with filters."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, any_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import DISPUTE_READERS, READERS, Issue
from services.issues.domain.words.issues import PRIVATE_KINDS, IssueKind, Outcome, ProposalKind, Source, State, Tier
from services.issues.schemas.filing import PlaceView
from services.issues.schemas.issue_views import IssueSummary
from services.issues.storage.filing_parts import place_of
from services.issues.storage.issue_rows import history_entry_of, issue_of
from services.issues.storage.tables.issues import issue_history, issues
from services.issues.storage.tables.work import issue_co_handlers
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal, Role

NEWEST_FIRST = Keyset((issues.c.id,), descending=True)
"""Ids are UUIDv7: the order of ids is the order of registration."""
SHOWN = (
    issues.c.id,
    issues.c.number,
    issues.c.kind,
    issues.c.category,
    issues.c.title,
    issues.c.building_id,
    issues.c.place_text,
    issues.c.compound_id,
    issues.c.grid_id,
    issues.c.place_unit,
    issues.c.place_floor,
    issues.c.source,
    issues.c.state,
    issues.c.tier,
    issues.c.solve_by,
    issues.c.deadline,
    issues.c.overdue_level,
    issues.c.responsible_organisation,
    issues.c.outcome,
    issues.c.registered_at,
    issues.c.closed_at,
    issues.c.round,
    issues.c.version,
)
"""The columns of `summary_of`."""


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues a list shows; everything left out does not narrow it."""

    state: State | None = None
    category: str | None = None
    responsible_organisation: UUID | None = None
    reported_by: Literal["me"] | None = None
    number: str | None = None
    building_id: UUID | None = None
    compound_id: UUID | None = None
    grid_id: UUID | None = None
    source: Source | None = None
    proposal: ProposalKind | None = None
    brought_up: bool = False
    overdue_level: int | None = None


async def issue_seen_by(connection: AsyncConnection, community: str, issue_id: UUID, by: Principal) -> Issue:
    """One issue. Raises IssueNotFound for a person who may not see it."""
    found = await connection.execute(select(issues).where(issues.c.community == community, issues.c.id == issue_id))
    row = found.mappings().first()
    if row is None:
        raise IssueNotFound
    issue = issue_of(row)
    issue.check_visible_to(by)
    return issue


async def history_of(connection: AsyncConnection, community: str, issue_id: UUID) -> list[HistoryEntry]:
    """What happened to an issue, oldest first."""
    found = await connection.execute(
        select(issue_history)
        .where(issue_history.c.community == community, issue_history.c.issue_id == issue_id)
        .order_by(issue_history.c.id)
    )
    return [history_entry_of(row) for row in found.mappings()]


async def issues_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: IssueFilter, page: PageAsked
) -> Page[IssueSummary]:
    """The newest issues that this person may see."""
    conditions = [issues.c.community == community, *narrowed_to(wanted, by)]
    visible = seen_by(by)
    if visible is not None:
        conditions.append(visible)
    statement = NEWEST_FIRST.page(select(*SHOWN).where(*conditions), limit=page.limit, cursor=page.cursor)
    rows = (await connection.execute(statement)).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    return Page[IssueSummary].model_construct(items=[summary_of(row._mapping) for row in kept], next_cursor=cursor)


def narrowed_to(wanted: IssueFilter, by: Principal) -> list[ColumnElement[bool]]:
    """The filter as conditions."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(issues.c.state == wanted.state.value)
    if wanted.category is not None:
        conditions.append(issues.c.category == wanted.category)
    if wanted.responsible_organisation is not None:
        conditions.append(issues.c.responsible_organisation == wanted.responsible_organisation)
    for column, value in (
        (issues.c.building_id, wanted.building_id),
        (issues.c.compound_id, wanted.compound_id),
        (issues.c.grid_id, wanted.grid_id),
        (issues.c.source, wanted.source.value if wanted.source else None),
        (issues.c.proposal_kind, wanted.proposal.value if wanted.proposal else None),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.brought_up:
        conditions.append(issues.c.brought_up.is_not(None))
    if wanted.reported_by is not None:
        conditions.append(issues.c.reported_by == by.person)
    if wanted.overdue_level is not None:
        conditions.append(issues.c.overdue_level == wanted.overdue_level)
    if wanted.number is not None:
        conditions += beginning_with(wanted.number)
    return conditions


def beginning_with(number: str) -> list[ColumnElement[bool]]:
    """Numbers with this beginning, as a range in byte order: below row-level security LIKE could not use the unique index."""
    behind = number[:-1] + chr(ord(number[-1]) + 1)
    return [issues.c.number >= number, issues.c.number < behind]


def seen_by(by: Principal) -> ColumnElement[bool] | None:
    """The rule of `Issue.visible_to` as a condition; None for those who see everything. A test compares the two."""
    if by.roles & DISPUTE_READERS:
        return None
    mine: list[ColumnElement[bool]] = [issues.c.reported_by == by.person, issues.c.filed_by == by.person]
    handled = by.organisations(Role.HANDLER)
    if handled:
        mine.append(issues.c.responsible_organisation.in_(handled))
        mine.append(issues.c.id == any_(func.array(_co_handled_by(by.community, handled))))
    if Role.SUBDISTRICT_OFFICER in by.roles:
        mine.append(issues.c.brought_up.is_not(None))
    if by.roles & READERS:
        mine.append(issues.c.kind.not_in(sorted(PRIVATE_KINDS)))
    return or_(*mine)


def _co_handled_by(community: str | None, units: Collection[UUID]) -> ScalarSelect[UUID]:
    """Issues of which these units do a part, as an array that an index can be asked for."""
    return (
        select(issue_co_handlers.c.issue_id)
        .where(issue_co_handlers.c.community == community, issue_co_handlers.c.organisation.in_(sorted(units)))
        .scalar_subquery()
    )


def summary_of(row: RowMapping) -> IssueSummary:
    """What lists show of an issue, from a row with the columns `SHOWN`."""
    return IssueSummary.model_construct(
        id=row["id"],
        number=row["number"],
        kind=IssueKind(row["kind"]),
        category=row["category"],
        title=row["title"],
        place=PlaceView.of(place_of(row)),
        source=Source(row["source"]),
        state=State(row["state"]),
        tier=Tier(row["tier"]) if row["tier"] else None,
        due_at=row["deadline"] or row["solve_by"],
        overdue_level=row["overdue_level"],
        responsible_organisation=row["responsible_organisation"],
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        registered_at=row["registered_at"],
        closed_at=row["closed_at"],
        round=row["round"],
        version=row["version"],
    )
