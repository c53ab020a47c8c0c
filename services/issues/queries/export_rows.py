"""Rows of an export: the issues of the list's filter, a page at a time, with the names that people know."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.rates.periods import ONE_DAY, midnight
from services.issues.domain.words.issues import ProposalKind, Source, State
from services.issues.queries.issues import NEWEST_FIRST, IssueFilter, narrowed_to
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import buildings, categories, compounds, grids, organisations
from shared.database.keyset import Keyset
from shared.principal import Principal

PAGE = 500
BY_TIME = Keyset((issues.c.registered_at, issues.c.id), descending=True)
_OF_AN_ISSUE = (
    "id",
    "number",
    "kind",
    "title",
    "text",
    "place_text",
    "source",
    "state",
    "tier",
    "registered_at",
    "accepted_at",
    "solve_by",
    "deadline",
    "resolved_at",
    "closed_at",
    "outcome",
    "level",
    "public_reply",
    "quantity_kind",
    "quantity",
    "rated_solved",
    "satisfaction",
    "rating_comment",
    "round",
)


@dataclass(frozen=True, slots=True)
class ExportFilter:
    """The filter of the list, and the days of registration."""

    list_filter: IssueFilter
    first_day: date | None = None
    last_day: date | None = None

    @property
    def in_order(self) -> Keyset:
        """Days are found by an index of their own; without them the order of the list serves every filter."""
        return BY_TIME if self.first_day or self.last_day else NEWEST_FIRST

    @classmethod
    def of(cls, wanted: Mapping[str, Any]) -> "ExportFilter":
        """From the plain values that a job keeps."""
        ids = {name: UUID(wanted[name]) if wanted.get(name) else None for name in _IDS}
        days = [date.fromisoformat(wanted[name]) if wanted.get(name) else None for name in ("first_day", "last_day")]
        narrowed = IssueFilter(
            state=State(wanted["state"]) if wanted.get("state") else None,
            source=Source(wanted["source"]) if wanted.get("source") else None,
            proposal=ProposalKind(wanted["proposal"]) if wanted.get("proposal") else None,
            reported_by=wanted.get("reported_by"),
            brought_up=bool(wanted.get("brought_up")),
            overdue_level=wanted.get("overdue_level"),
            category=wanted.get("category"),
            number=wanted.get("number"),
            responsible_organisation=ids["responsible_organisation"],
            building_id=ids["building_id"],
            compound_id=ids["compound_id"],
            grid_id=ids["grid_id"],
        )
        return cls(narrowed, *days)


_IDS = ("responsible_organisation", "building_id", "compound_id", "grid_id")


async def count_to_export(
    connection: AsyncConnection, community: str, wanted: ExportFilter, by: Principal, most: int
) -> int:
    """How many rows it will have; counting stops one above `most`."""
    some = select(issues.c.id).where(*_conditions(community, wanted, by)).limit(most + 1).subquery()
    return int((await connection.execute(select(func.count()).select_from(some))).scalar_one())


async def rows_to_export(
    connection: AsyncConnection, community: str, wanted: ExportFilter, by: Principal, cursor: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    """The next rows, newest first, and where the rest begins."""
    conditions = _conditions(community, wanted, by)
    statement = (
        select(
            *(issues.c[name] for name in _OF_AN_ISSUE),
            categories.c.name_zh.label("category"),
            buildings.c.name.label("building"),
            compounds.c.name.label("compound"),
            grids.c.name.label("grid"),
            organisations.c.name.label("organisation"),
        )
        .outerjoin(categories, _same(categories, categories.c.code == issues.c.category))
        .outerjoin(buildings, _same(buildings, buildings.c.id == issues.c.building_id))
        .outerjoin(
            compounds, _same(compounds, compounds.c.id == func.coalesce(issues.c.compound_id, buildings.c.compound_id))
        )
        .outerjoin(grids, _same(grids, grids.c.id == func.coalesce(issues.c.grid_id, buildings.c.grid_id)))
        .outerjoin(organisations, _same(organisations, organisations.c.id == issues.c.responsible_organisation))
        .where(*conditions)
    )
    page = wanted.in_order.page(statement, limit=PAGE, cursor=cursor)
    kept, following = wanted.in_order.cut((await connection.execute(page)).all(), limit=PAGE)
    return [dict(row._mapping) for row in kept], following


def _same(table: Any, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(table.c.community == issues.c.community, condition)


def _conditions(community: str, wanted: ExportFilter, by: Principal) -> list[ColumnElement[bool]]:
    conditions = [issues.c.community == community, *narrowed_to(wanted.list_filter, by)]
    if wanted.first_day is not None:
        conditions.append(issues.c.registered_at >= midnight(wanted.first_day))
    if wanted.last_day is not None:
        conditions.append(issues.c.registered_at < midnight(wanted.last_day + ONE_DAY))
    return conditions
