"""Reading cards: one, the list, those that a person follows, and the similar ones of the last weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.card import CONFIDENTIAL_CATEGORIES, CONFIDENTIAL_KINDS, is_confidential
from services.issues.domain.errors.issues import IssueNotFound
from services.issues.domain.following import LOOK_BACK_DAYS, OPEN_TO_JOIN
from services.issues.domain.words.issues import State
from services.issues.schemas.cards import Area, CardPage, CardView, card_page, public_card
from services.issues.storage.issue_rows import issue_of
from services.issues.storage.tables.following import issue_followers
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.master_data import buildings, compounds
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal

NEWEST_FIRST = Keyset((issues.c.id,), descending=True)
MOST_SIMILAR = 10


@dataclass(frozen=True, slots=True)
class CardFilter:
    """Which cards a list shows."""

    category: str | None = None
    building_id: UUID | None = None
    state: State | None = None


async def card_seen_by(connection: AsyncConnection, community: str, issue_id: UUID, by: Principal) -> CardPage:
    """The card of an issue. Raises IssueNotFound for those who neither may read the issue nor follow it, unless it is published."""
    row = (await connection.execute(placed(community).where(issues.c.id == issue_id))).mappings().first()
    if row is None:
        raise IssueNotFound
    issue = issue_of(row)
    insider = issue.visible_to(by)
    follower = await _follows(connection, community, issue_id, by.person)
    open_to_them = (follower or issue.card is not None) and not is_confidential(issue.kind, issue.category)
    if not (insider or open_to_them):
        raise IssueNotFound
    return card_page(issue, area_of(row), insider=insider, follower=follower)


async def published_cards(
    connection: AsyncConnection, community: str, wanted: CardFilter, page: PageAsked
) -> Page[CardView]:
    """The newest published cards."""
    conditions = [issues.c.published_at.is_not(None), *not_confidential()]
    if wanted.category is not None:
        conditions.append(issues.c.category == wanted.category)
    if wanted.building_id is not None:
        conditions += [issues.c.building_id == wanted.building_id, issues.c.card_shows_building]
    if wanted.state is not None:
        conditions.append(issues.c.state == wanted.state.value)
    return await _page(connection, placed(community).where(*conditions), page)


async def followed_cards(connection: AsyncConnection, community: str, by: Principal, page: PageAsked) -> Page[CardView]:
    """What the person joined, newest first."""
    joined = and_(
        issue_followers.c.community == issues.c.community,
        issue_followers.c.issue_id == issues.c.id,
        issue_followers.c.person_id == by.person,
    )
    statement = placed(community).join(issue_followers, joined).where(*not_confidential())
    return await _page(connection, statement, page, follower=True)


async def similar_cards(
    connection: AsyncConnection, community: str, building_id: UUID, category: str, at: datetime
) -> list[CardView]:
    """Open issues of this category in this building of the last weeks, newest first; none of what is confidential."""
    statement = (
        placed(community)
        .where(
            issues.c.building_id == building_id,
            issues.c.category == category,
            issues.c.registered_at > at - timedelta(days=LOOK_BACK_DAYS),
            *not_confidential(),
            issues.c.state.in_([state.value for state in OPEN_TO_JOIN]),
        )
        .order_by(issues.c.registered_at.desc())
        .limit(MOST_SIMILAR)
    )
    found = (await connection.execute(statement)).mappings()
    return [public_card(issue_of(row), area_of(row)) for row in found]


async def _page(
    connection: AsyncConnection, statement: Select[Any], page: PageAsked, *, follower: bool = False
) -> Page[CardView]:
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    items = [public_card(issue_of(row._mapping), area_of(row._mapping), follower=follower) for row in kept]
    return Page[CardView].model_construct(items=items, next_cursor=cursor)


async def _follows(connection: AsyncConnection, community: str, issue_id: UUID, person: UUID) -> bool:
    found = await connection.execute(
        select(issue_followers.c.person_id).where(
            issue_followers.c.community == community,
            issue_followers.c.issue_id == issue_id,
            issue_followers.c.person_id == person,
        )
    )
    return found.first() is not None


def not_confidential() -> list[ColumnElement[bool]]:
    """The rule of `is_confidential` as conditions: also what became confidential after it was published or joined."""
    return [
        issues.c.kind.not_in(sorted(CONFIDENTIAL_KINDS)),
        issues.c.category.not_in(sorted(CONFIDENTIAL_CATEGORIES)),
        *(~issues.c.category.startswith(f"{above}_", autoescape=True) for above in sorted(CONFIDENTIAL_CATEGORIES)),
    ]


def placed(community: str) -> Select[Any]:
    """Issues with the names of where they are."""
    of_compound = func.coalesce(buildings.c.compound_id, issues.c.compound_id)
    return (
        select(
            issues,
            buildings.c.name.label("building_name"),
            compounds.c.id.label("area_compound_id"),
            compounds.c.name.label("compound_name"),
        )
        .outerjoin(buildings, and_(buildings.c.community == issues.c.community, buildings.c.id == issues.c.building_id))
        .outerjoin(compounds, and_(compounds.c.community == issues.c.community, compounds.c.id == of_compound))
        .where(issues.c.community == community)
    )


def area_of(row: RowMapping) -> Area:
    """Where the issue of such a row is."""
    return Area(row["area_compound_id"], row["compound_name"], row["building_name"])
