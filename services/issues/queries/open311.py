"""Open311: what is public, and to a program what it posted itself. Newest first, and never more than one answer holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.category import Category
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.errors.open311 import ServiceNotFound
from services.issues.domain.issue import Issue
from services.issues.domain.open311 import CLOSED_STATES, Status, status_of, updated_at
from services.issues.domain.words.vocabulary import words
from services.issues.queries.cards import area_of, not_confidential, placed
from services.issues.schemas.cards import Area, public_card
from services.issues.schemas.open311 import (
    AttributeView,
    DefinitionView,
    RequestView,
    ServiceView,
    ValueView,
)
from services.issues.storage.categories import read_categories
from services.issues.storage.issue_rows import issue_of
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import buildings
from shared.principal import Principal

MOST_BUILDINGS = 1_000
"""Choices in a form; beyond them the address is written in words."""


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests are wanted. Ids leave all else out, as the specification says."""

    numbers: Sequence[str] = ()
    service_codes: Sequence[str] = ()
    statuses: Sequence[Status] = ()
    start: datetime | None = None
    end: datetime | None = None
    skipped: int = 0
    limit: int = 50


async def services_of(connection: AsyncConnection, community: str) -> list[ServiceView]:
    """Categories that something can be filed under, in their order."""
    known = {category.code: category for category in await read_categories(connection, community)}
    in_use = [category for category in known.values() if not category.retired]
    return [ServiceView.of(category, known.get(category.parent or "")) for category in in_use]


async def definition_of(connection: AsyncConnection, community: str, code: str) -> DefinitionView:
    """The form of a service: in which building, in which unit. Raises ServiceNotFound."""
    known = await read_categories(connection, community)
    if code not in {category.code for category in known if not category.retired}:
        raise ServiceNotFound
    found = await connection.execute(
        select(buildings.c.id, buildings.c.name)
        .where(buildings.c.community == community)
        .order_by(buildings.c.name, buildings.c.id)
        .limit(MOST_BUILDINGS)
    )
    choices = [ValueView(key=str(row.id), name=row.name) for row in found]
    return DefinitionView(
        service_code=code,
        attributes=[
            _attribute("building", 1, "楼栋。The building", choices),
            _attribute("unit", 2, "单元，如“2单元”，须同时选择楼栋。The entrance, with its building", []),
        ],
    )


async def requests_seen_by(
    connection: AsyncConnection, community: str, by: Principal, wanted: RequestFilter
) -> list[RequestView]:
    """A page of requests: cards that are public, and what this program posted."""
    narrowed = _narrowed(wanted)
    last = wanted.skipped + wanted.limit
    rows: dict[UUID, RowMapping] = {}
    for rule in (_public(), [issues.c.filed_by == by.person]):
        statement = placed(community).where(*rule, *narrowed)
        newest = statement.order_by(issues.c.registered_at.desc(), issues.c.id.desc()).limit(last)
        rows |= {row["id"]: row for row in (await connection.execute(newest)).mappings()}
    ordered = sorted(rows.values(), key=lambda row: (row["registered_at"], row["id"]), reverse=True)
    names = await _names(connection, community)
    return [_view(issue_of(row), area_of(row), by, names) for row in ordered[wanted.skipped : last]]


async def request_seen_by(connection: AsyncConnection, community: str, by: Principal, number: str) -> RequestView:
    """One request. Raises IssueNotFound for what is neither public nor one's own, as for what does not exist."""
    found = await requests_seen_by(connection, community, by, RequestFilter(numbers=(number,), limit=1))
    if not found:
        raise IssueNotFound
    return found[0]


async def number_of(connection: AsyncConnection, community: str, token: str) -> str:
    """The number that a token stands for: itself, or that of the issue with this id. Raises IssueNotFound."""
    try:
        issue_id = UUID(token)
    except ValueError:
        return token
    found = await connection.execute(
        select(issues.c.number).where(issues.c.community == community, issues.c.id == issue_id)
    )
    number: str | None = found.scalar()
    if number is None:
        raise IssueNotFound
    return number


async def _names(connection: AsyncConnection, community: str) -> dict[str, Category]:
    return {category.code: category for category in await read_categories(connection, community)}


def _attribute(code: str, order: int, description: str, values: list[ValueView]) -> AttributeView:
    return AttributeView(
        variable=True,
        code=code,
        datatype="singlevaluelist" if values else "string",
        required=False,
        datatype_description=None,
        order=order,
        description=description,
        values=values,
    )


def _public() -> list[ColumnElement[bool]]:
    return [issues.c.published_at.is_not(None), *not_confidential()]


def _narrowed(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    if wanted.numbers:
        return [issues.c.number.in_(wanted.numbers)]
    conditions: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        conditions.append(issues.c.registered_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(issues.c.registered_at <= wanted.end)
    if wanted.service_codes:
        conditions.append(issues.c.category.in_(wanted.service_codes))
    if len(set(wanted.statuses)) == 1:
        closed = [state.value for state in sorted(CLOSED_STATES)]
        is_closed = wanted.statuses[0] is Status.CLOSED
        conditions.append(issues.c.state.in_(closed) if is_closed else issues.c.state.not_in(closed))
    return conditions


def _view(issue: Issue, area: Area, by: Principal, names: dict[str, Category]) -> RequestView:
    own = issue.filing.filed_by == by.person
    card = public_card(issue, area, follower=own)
    place = (area.compound, area.building, issue.place.unit, issue.place.text)
    known = (card.area.compound, card.area.building)
    state = words(issue.state)
    said = f"{card.title}：{card.summary}" if issue.card else None
    return RequestView.model_construct(
        service_request_id=issue.number,
        status=status_of(issue.state),
        status_notes="。".join(part for part in (f"{state.zh} {state.en}", card.public_reply) if part),
        service_name=names[issue.category].name_zh if issue.category in names else issue.category,
        service_code=issue.category,
        description=issue.text if own else said,
        agency_responsible=None,
        service_notice=None,
        requested_datetime=issue.registered_at,
        updated_datetime=updated_at(issue),
        expected_datetime=issue.solve_by if own else None,
        address=" ".join(part for part in (place if own else known) if part) or None,
        address_id=issue.place.building_id if own else card.area.building_id,
        zipcode=None,
        lat=None,
        long=None,
        media_url=None,
    )
