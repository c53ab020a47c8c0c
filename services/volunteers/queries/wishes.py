"""Lists of wishes: the wall, the review queue, one's own wishes and promises."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.volunteers.domain.errors import WishNotFound
from services.volunteers.domain.volunteer import VOLUNTEERING_ROLES
from services.volunteers.domain.wish import LABELS_EN, LABELS_ZH, ON_THE_WALL, Wish, WishState
from services.volunteers.schemas.wishes import ClaimView, VolunteerView, WishCard
from services.volunteers.storage.tables import memberships, volunteers, wish_claims, wishes
from services.volunteers.storage.wishes import CLAIM, wish_of
from shared.database.keyset import Keyset

WALL = Keyset((wishes.c.published_at, wishes.c.id), descending=True)
REVIEWS = Keyset((wishes.c.submitted_at, wishes.c.id))
MINE = Keyset((wishes.c.submitted_at, wishes.c.id), descending=True)
CLAIMS = Keyset((wish_claims.c.claimed_at, wish_claims.c.id), descending=True)
VOLUNTEERS = Keyset((volunteers.c.person,))
CARD = (
    wishes.c.id, wishes.c.state, wishes.c.card_title, wishes.c.card_text, wishes.c.published_at, wishes.c.lit_at,
)  # fmt: skip
"""All that a card may be made of."""
PREFIX = "of_claim_"


async def cards_on_the_wall(
    connection: AsyncConnection, community: str, *, state: WishState, limit: int, cursor: str | None
) -> tuple[list[WishCard], str | None]:
    """Public cards in one state, the newest first."""
    statement = select(*CARD).where(wishes.c.community == community, wishes.c.state == state)
    rows = (await connection.execute(WALL.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = WALL.cut(rows, limit=limit)
    return [_card_of(row) for row in kept], following


async def wishes_to_review(
    connection: AsyncConnection, community: str, *, limit: int, cursor: str | None
) -> tuple[list[Wish], str | None]:
    """Submitted wishes, the oldest first."""
    statement = _with_claims(community).where(wishes.c.state == WishState.SUBMITTED)
    return await _wishes(connection, statement, REVIEWS, limit, cursor)


async def wishes_of(
    connection: AsyncConnection, community: str, person: UUID, *, limit: int, cursor: str | None
) -> tuple[list[Wish], str | None]:
    """Wishes that a person made, or made for somebody else, the newest first."""
    statement = _with_claims(community).where(or_(wishes.c.wished_by == person, wishes.c.submitted_by == person))
    return await _wishes(connection, statement, MINE, limit, cursor)


async def claims_of(
    connection: AsyncConnection, community: str, person: UUID, *, limit: int, cursor: str | None
) -> tuple[list[ClaimView], str | None]:
    """Promises of a person, kept and broken, the newest first."""
    of_wish = and_(wishes.c.community == wish_claims.c.community, wishes.c.id == wish_claims.c.wish_id)
    statement = (
        select(*(c.label(f"wish_{c.name}") for c in CARD), *wish_claims.c)
        .join(wishes, of_wish)
        .where(wish_claims.c.community == community, wish_claims.c.claimed_by == person)
    )
    rows = (await connection.execute(CLAIMS.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = CLAIMS.cut(rows, limit=limit)
    return [
        ClaimView(
            id=row.id,
            wish=_card_of(row, "wish_"),
            claimed_at=row.claimed_at,
            expires_at=row.expires_at,
            outcome=row.outcome,
            ended_at=row.ended_at,
        )
        for row in kept
    ], following


async def wish_for(
    connection: AsyncConnection, community: str, wish_id: UUID, person: UUID, *, may_review: bool
) -> Wish:
    """One wish, if it hangs on the wall or concerns the person. Raises WishNotFound."""
    row = (await connection.execute(_with_claims(community).where(wishes.c.id == wish_id))).first()
    wish = _wish_of(row) if row is not None else None
    if wish is None or not (wish.state in ON_THE_WALL or may_review or wish.concerns(person)):
        raise WishNotFound
    return wish


async def volunteers_of(
    connection: AsyncConnection, community: str, *, limit: int, cursor: str | None
) -> tuple[list[VolunteerView], str | None]:
    """The list of volunteers with the roles they volunteer in."""
    statement = (
        select(volunteers.c.person, volunteers.c.since, func.array_agg(memberships.c.role.distinct()).label("roles"))
        .join(
            memberships,
            and_(memberships.c.community == volunteers.c.community, memberships.c.person == volunteers.c.person),
        )
        .where(
            volunteers.c.community == community,
            volunteers.c.retired_at.is_(None),
            memberships.c.role.in_(VOLUNTEERING_ROLES),
            memberships.c.ended_at.is_(None),
        )
        .group_by(volunteers.c.person, volunteers.c.since)
    )
    rows = (await connection.execute(VOLUNTEERS.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = VOLUNTEERS.cut(rows, limit=limit)
    return [VolunteerView(person=row.person, roles=sorted(row.roles), since=row.since) for row in kept], following


async def _wishes(
    connection: AsyncConnection, statement: Any, order: Keyset, limit: int, cursor: str | None
) -> tuple[list[Wish], str | None]:
    rows: Sequence[Row[Any]] = (await connection.execute(order.page(statement, limit=limit, cursor=cursor))).all()
    kept, following = order.cut(rows, limit=limit)
    return [_wish_of(row) for row in kept], following


def _with_claims(community: str) -> Select[Any]:
    claim = and_(wish_claims.c.community == wishes.c.community, wish_claims.c.id == wishes.c.claim_id)
    columns = (wish_claims.c[name].label(PREFIX + name) for name in CLAIM)
    return select(wishes, *columns).outerjoin(wish_claims, claim).where(wishes.c.community == community)


def _wish_of(row: Row[Any]) -> Wish:
    value = row._mapping
    return wish_of(value, value if value[PREFIX + "id"] is not None else None, PREFIX)


def _card_of(row: Row[Any], prefix: str = "") -> WishCard:
    value = row._mapping
    state = WishState(value[f"{prefix}state"])
    return WishCard(
        id=value[f"{prefix}id"],
        state=state,
        state_zh=LABELS_ZH[state],
        state_en=LABELS_EN[state],
        title=value[f"{prefix}card_title"],
        text=value[f"{prefix}card_text"],
        published_at=value[f"{prefix}published_at"],
        lit_at=value[f"{prefix}lit_at"],
    )
