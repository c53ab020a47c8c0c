"""The points ledger on PostgreSQL: each operation is one call of a database function (`migrations/versions/0006_*`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, select

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.domain.errors import (
    AlreadyAwarded,
    AlreadyReversed,
    HoldNotFound,
    HoldNotOpen,
    InsufficientPoints,
    LedgerNotOpen,
    NotReversible,
    PointsCapReached,
    RuleNotInForce,
    TransferNotFound,
)
from services.volunteers.domain.points import (
    Account,
    CapPolicy,
    Deed,
    Hold,
    HoldState,
    Transfer,
    TransferKind,
    start_of_day,
    start_of_week,
)
from services.volunteers.storage.tables import points_accounts, points_entries, points_holds
from shared.database.unit_of_work import UnitOfWork
from shared.errors import AppError
from shared.ids import new_id

if TYPE_CHECKING:
    from asyncpg import Record

REFUSALS: dict[str, type[AppError]] = {
    "not_open": LedgerNotOpen,
    "already_awarded": AlreadyAwarded,
    "capped": PointsCapReached,
    "not_found": TransferNotFound,
    "not_reversible": NotReversible,
    "already_reversed": AlreadyReversed,
    "not_open_any_more": HoldNotOpen,
}
NOTHING_TO_GIVE = {"no_rule", "already_awarded", "capped"}
"""Outcomes of an award that are no error when the deed itself must go through."""
EXPIRED = "积分到期"


class PostgresLedger:
    """The Ledger of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    async def open(self, at: datetime) -> None:
        """Open issuing and debt account; does nothing when they stand already."""
        await self._call("ledger_open", new_id(), new_id(), at)

    async def award(
        self, person: UUID, rule: str, *, reason: str, deed: Deed | None, by: UUID | None, at: datetime, caps: CapPolicy
    ) -> Transfer | None:
        """Give what a rule gives, within its caps, once per deed."""
        transfer_id = new_id()
        row = await self._call(
            "ledger_award",
            transfer_id,
            person,
            rule,
            reason,
            deed.kind if deed else None,
            deed.id if deed else None,
            by,
            at,
            start_of_day(at),
            start_of_week(at),
            caps is CapPolicy.REDUCE,
        )
        if caps is CapPolicy.REDUCE and row["outcome"] in NOTHING_TO_GIVE:
            return None
        if row["outcome"] == "no_rule":
            raise RuleNotInForce(rule)
        return _posted(row, transfer_id, TransferKind.AWARD, reason, by=by, at=at, rule=rule)

    async def debit(self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime) -> Transfer:
        """Take points for something handed over."""
        transfer_id = new_id()
        row = await self._call(
            "ledger_move", transfer_id, TransferKind.REDEMPTION, person, -points, reason, None, by, None, at
        )
        return _posted(row, transfer_id, TransferKind.REDEMPTION, reason, by=by, at=at)

    async def adjust(self, adjustment: Adjustment, *, at: datetime) -> Transfer:
        """Post an approved adjustment."""
        transfer_id = new_id()
        row = await self._call(
            "ledger_move",
            transfer_id,
            TransferKind.ADJUSTMENT,
            adjustment.person,
            adjustment.points,
            adjustment.reason,
            adjustment.id,
            adjustment.proposed_by,
            adjustment.decided_by,
            at,
        )
        return _posted(row, transfer_id, TransferKind.ADJUSTMENT, adjustment.reason, by=adjustment.proposed_by, at=at)

    async def reverse(self, transfer_id: UUID, *, reason: str, by: UUID, at: datetime) -> Transfer:
        """Take a transfer back by a new one; what the person no longer has becomes debt."""
        reversal_id = new_id()
        row = await self._call("ledger_reverse", reversal_id, transfer_id, reason, by, at)
        return _posted(row, reversal_id, TransferKind.REVERSAL, reason, by=by, at=at, reverses=transfer_id)

    async def hold(
        self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime, expires_at: datetime
    ) -> Hold:
        """Set points aside."""
        hold_id = new_id()
        row = await self._call("ledger_hold", hold_id, person, points, reason, by, at, expires_at)
        if not row["ledger_hold"]:
            raise InsufficientPoints
        return Hold(hold_id, person, points, reason, HoldState.OPEN, by, at, expires_at)

    async def hold_of(self, hold_id: UUID) -> Hold:
        """Look at a hold."""
        found = await self._uow.execute(
            select(points_holds).where(points_holds.c.community == self._uow.community, points_holds.c.id == hold_id)
        )
        row = found.first()
        if row is None:
            raise HoldNotFound
        return _hold_of(row._mapping)

    async def capture(self, hold_id: UUID, *, by: UUID, at: datetime) -> Transfer:
        """Take the points that were set aside."""
        transfer_id = new_id()
        row = await self._call("ledger_capture", transfer_id, hold_id, by, at)
        if row["outcome"] == "not_found":
            raise HoldNotFound
        reason = (await self.hold_of(hold_id)).reason if row["outcome"] == "posted" else ""
        return _posted(row, transfer_id, TransferKind.REDEMPTION, reason, by=by, at=at)

    async def release(self, hold_id: UUID, *, at: datetime, expired: bool = False) -> Hold:
        """Free the points that were set aside."""
        row = await self._call("ledger_release", hold_id, HoldState.EXPIRED if expired else HoldState.RELEASED, at)
        if row["id"] is None:
            await self.hold_of(hold_id)
            raise HoldNotOpen
        return _hold_of(row)

    async def expired_holds(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Open holds whose time is over."""
        found = await self._uow.execute(
            select(points_holds.c.id)
            .where(
                points_holds.c.community == self._uow.community,
                points_holds.c.state == HoldState.OPEN,
                points_holds.c.expires_at <= at,
            )
            .order_by(points_holds.c.expires_at, points_holds.c.id)
            .limit(limit)
        )
        return [row.id for row in found]

    async def persons_with_stale_points(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Persons of whom some free points have outlived their rule."""
        touched = (
            select(points_entries.c.account_id)
            .where(points_entries.c.community == self._uow.community, points_entries.c.expires_at <= at)
            .distinct()
            .subquery()
        )
        found = await self._uow.execute(
            select(points_accounts.c.id)
            .join(touched, touched.c.account_id == points_accounts.c.id)
            .where(
                points_accounts.c.community == self._uow.community,
                points_accounts.c.balance > points_accounts.c.held,
                func.ledger_stale(points_accounts.c.community, points_accounts.c.id, at) > 0,
            )
            .order_by(points_accounts.c.id)
            .limit(limit)
        )
        return [row.id for row in found]

    async def expire(self, person: UUID, *, at: datetime) -> Transfer | None:
        """Take points back that outlived their rule and were never spent."""
        transfer_id = new_id()
        row = await self._call("ledger_expire", transfer_id, person, EXPIRED, at)
        if row["outcome"] == "nothing_stale":
            return None
        return _posted(row, transfer_id, TransferKind.EXPIRY, EXPIRED, by=None, at=at)

    async def account_of(self, person: UUID) -> Account:
        """The person's account as it stands."""
        found = await self._uow.execute(
            select(points_accounts.c.balance, points_accounts.c.held, points_accounts.c.debt).where(
                points_accounts.c.community == self._uow.community, points_accounts.c.id == person
            )
        )
        row = found.first()
        return Account(person, row.balance, row.held, row.debt) if row else Account(person)

    async def _call(self, function: str, *arguments: object) -> "Record":
        """Call a function of the ledger on the driver itself: the hot path of points."""
        placeholders = ", ".join(f"${place}" for place in range(1, len(arguments) + 2))
        row = await self._uow.fetch_row(f"SELECT * FROM {function}({placeholders})", self._uow.community, *arguments)
        if row is None:
            raise AssertionError(f"{function} answers with a row")
        return row


def _posted(
    row: "Record",
    transfer_id: UUID,
    kind: TransferKind,
    reason: str,
    *,
    by: UUID | None,
    at: datetime,
    rule: str | None = None,
    reverses: UUID | None = None,
) -> Transfer:
    outcome = row["outcome"]
    if outcome == "insufficient":
        free = (row["balance"] or 0) - (row["held"] or 0)
        raise InsufficientPoints(f"可用积分为 {free}", f"{free} points are free")
    if outcome != "posted":
        raise REFUSALS[outcome]
    return Transfer(
        id=transfer_id,
        sequence=row["sequence"],
        kind=kind,
        person=row["person"],
        points=row["points"],
        reason=reason,
        made_by=by,
        at=at,
        account=Account(row["person"], row["balance"], row["held"], row["debt"]),
        rule=rule,
        rule_version=row["rule_version"],
        reverses=reverses,
    )


def _hold_of(row: Any) -> Hold:
    return Hold(
        id=row["id"],
        person=row["person"],
        points=row["points"],
        reason=row["reason"],
        state=HoldState(row["state"]),
        made_by=row["made_by"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )
