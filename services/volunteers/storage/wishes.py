"""Wishes with their claims on PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from services.volunteers.domain.errors import WishNotFound
from services.volunteers.domain.wish import Claim, ClaimOutcome, Wish, WishState
from services.volunteers.storage.tables import wish_claims, wishes
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.expected_version import check_version

PLAIN = (
    "wished_by", "submitted_by", "title", "need", "submitted_at", "consent", "card_title", "card_text", "reviewed_by",
    "reviewed_at", "decline_reason", "published_at", "proof", "delivered_at", "thanks", "lit_at",
)  # fmt: skip
"""Columns that are attributes of the aggregate under the same name."""
CLAIM = ("id", "claimed_by", "claimed_at", "expires_at", "outcome", "ended_at")
"""Columns of a claim, named as its attributes."""


class PostgresWishes:
    """The WishStore of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def add(self, wish: Wish) -> None:
        """Keep a new wish."""
        await self._uow.execute(
            insert(wishes).values(community=self._uow.community, id=wish.id, version=wish.version, **_columns_of(wish))
        )

    async def get(self, wish_id: UUID, *, expected_version: int | None = None) -> Wish:
        """Load a wish and lock it, so that whoever comes second learns what became of it instead of a mere conflict.

        Two statements: one that waits for a lock reads the locked row anew, but what is joined to it as it was before.
        """
        community = self._uow.community
        found = await self._uow.execute(
            select(wishes).where(wishes.c.community == community, wishes.c.id == wish_id).with_for_update()
        )
        row = found.first()
        if row is None:
            raise WishNotFound
        check_version(row.version, expected_version)
        if row.claim_id is None:
            return wish_of(row._mapping, None)
        claim = await self._uow.execute(
            select(wish_claims).where(wish_claims.c.community == community, wish_claims.c.id == row.claim_id)
        )
        return wish_of(row._mapping, claim.one()._mapping)

    async def save(self, wish: Wish) -> None:
        """Keep the changes if nobody else changed the wish since it was loaded."""
        wish.version = await save_versioned(
            self._uow, wishes, wish.id, version=wish.version, values=_columns_of(wish), missing=WishNotFound
        )
        # Ended claims first: of a wish there is one live claim at a time.
        for claim in [*wish.ended_claims, *([wish.claim] if wish.claim else [])]:
            await self._keep(wish.id, claim)
        wish.ended_claims = []

    async def open_claims_of(self, person: UUID, at: datetime) -> int:
        """How many promises the person holds open; locks the person's claiming until the end of the transaction."""
        key = f"volunteers:claims:{self._uow.community}:{person}"
        await self._uow.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
        counted = await self._uow.execute(
            select(func.count())
            .select_from(wish_claims)
            .where(
                wish_claims.c.community == self._uow.community,
                wish_claims.c.claimed_by == person,
                wish_claims.c.outcome == ClaimOutcome.OPEN,
                wish_claims.c.expires_at > at,
            )
        )
        return int(counted.scalar_one())

    async def with_expired_claims(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Wishes whose claim ran out, the longest overdue first."""
        found = await self._uow.execute(
            select(wishes.c.id)
            .where(
                wishes.c.community == self._uow.community,
                wishes.c.state == WishState.CLAIMED,
                wishes.c.claim_expires_at <= at,
            )
            .order_by(wishes.c.claim_expires_at)
            .limit(limit)
        )
        return [row.id for row in found]

    async def _keep(self, wish_id: UUID, claim: Claim) -> None:
        statement = upsert(wish_claims).values(
            community=self._uow.community,
            id=claim.id,
            wish_id=wish_id,
            claimed_by=claim.claimed_by,
            claimed_at=claim.claimed_at,
            expires_at=claim.expires_at,
            outcome=claim.outcome,
            ended_at=claim.ended_at,
        )
        await self._uow.execute(
            statement.on_conflict_do_update(
                index_elements=["community", "id"],
                set_={"outcome": statement.excluded.outcome, "ended_at": statement.excluded.ended_at},
            )
        )


def _columns_of(wish: Wish) -> Mapping[str, Any]:
    return {
        **{name: getattr(wish, name) for name in PLAIN},
        "state": wish.state,
        "claim_id": wish.claim.id if wish.claim else None,
        "claim_expires_at": wish.claim.expires_at if wish.claim else None,
    }


def wish_of(row: Mapping[Any, Any], claim: Mapping[Any, Any] | None, prefix: str = "") -> Wish:
    """The aggregate of a row of `wishes` and the row of its current claim, whose columns may carry a prefix."""
    return Wish(
        id=row["id"],
        version=row["version"],
        state=WishState(row["state"]),
        claim=_claim_of({name: claim[prefix + name] for name in CLAIM}) if claim is not None else None,
        **{name: row[name] for name in PLAIN},
    )


def _claim_of(row: Mapping[str, Any]) -> Claim:
    return Claim(**{**row, "outcome": ClaimOutcome(row["outcome"])})
