# ruff: noqa: ARG002 - the ports name every argument
"""The ledger in memory: the small model that the tests hold against PostgreSQL, operation by operation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

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
    Legs,
    Transfer,
    TransferKind,
    credit,
    start_of_day,
    start_of_week,
    take,
    take_back,
    within_caps,
)
from services.volunteers.domain.points_rule import PointsRule
from shared.ids import new_id

RuleInForce = Callable[[str, datetime], PointsRule | None]


@dataclass(frozen=True, slots=True)
class Posting:
    """A transfer with its legs."""

    transfer: Transfer
    legs: Legs
    deed: Deed | None = None
    expires_at: datetime | None = None


class MemoryLedger:
    """Ledger."""

    def __init__(self, rule_in_force: RuleInForce) -> None:
        self._rule_in_force = rule_in_force
        self.is_open = False
        self.accounts: dict[UUID, Account] = {}
        self.postings: list[Posting] = []
        self.holds: dict[UUID, Hold] = {}

    async def open(self, at: datetime) -> None:
        self.is_open = True

    async def award(
        self, person: UUID, rule: str, *, reason: str, deed: Deed | None, by: UUID | None, at: datetime, caps: CapPolicy
    ) -> Transfer | None:
        reduce = caps is CapPolicy.REDUCE
        found = self._rule_in_force(rule, at)
        if found is None:
            if reduce:
                return None
            raise RuleNotInForce(rule)
        self._must_be_open()
        if deed is not None and any(p.deed == deed and p.transfer.rule == rule for p in self.postings):
            if reduce:
                return None
            raise AlreadyAwarded
        points = within_caps(
            found.points,
            today=self._given(person, rule, start_of_day(at)),
            this_week=self._given(person, rule, start_of_week(at)),
            daily_cap=found.daily_cap,
            weekly_cap=found.weekly_cap,
        )
        if points == 0 or (points < found.points and not reduce):
            if reduce:
                return None
            raise PointsCapReached
        until = at + timedelta(days=found.valid_days) if found.valid_days else None
        legs = credit(points, self._account(person).debt)
        return self._post(
            TransferKind.AWARD, person, points, legs, reason=reason, by=by, at=at,
            rule=rule, rule_version=found.version, deed=deed, expires_at=until,
        )  # fmt: skip

    async def debit(self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime) -> Transfer:
        self._must_be_open()
        self._must_have(person, points)
        return self._post(TransferKind.REDEMPTION, person, -points, take(points), reason=reason, by=by, at=at)

    async def adjust(self, adjustment: Adjustment, *, at: datetime) -> Transfer:
        self._must_be_open()
        person, points = adjustment.person, adjustment.points
        self._must_have(person, -points)
        legs = credit(points, self._account(person).debt) if points > 0 else take(-points)
        return self._post(
            TransferKind.ADJUSTMENT, person, points, legs, reason=adjustment.reason, by=adjustment.proposed_by, at=at
        )

    async def reverse(self, transfer_id: UUID, *, reason: str, by: UUID, at: datetime) -> Transfer:
        found = [p.transfer for p in self.postings if p.transfer.id == transfer_id]
        if not found:
            raise TransferNotFound
        if found[0].kind is TransferKind.REVERSAL:
            raise NotReversible
        if any(p.transfer.reverses == transfer_id for p in self.postings):
            raise AlreadyReversed
        person, points = found[0].person, found[0].points
        account = self._account(person)
        legs = take_back(points, account.free) if points > 0 else credit(-points, account.debt)
        return self._post(
            TransferKind.REVERSAL, person, -points, legs, reason=reason, by=by, at=at, reverses=transfer_id
        )

    async def hold(
        self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime, expires_at: datetime
    ) -> Hold:
        self._must_have(person, points)
        account = self._account(person)
        self.accounts[person] = replace(account, held=account.held + points)
        hold = Hold(new_id(), person, points, reason, HoldState.OPEN, by, at, expires_at)
        self.holds[hold.id] = hold
        return hold

    async def hold_of(self, hold_id: UUID) -> Hold:
        if hold_id not in self.holds:
            raise HoldNotFound
        return self.holds[hold_id]

    async def capture(self, hold_id: UUID, *, by: UUID, at: datetime) -> Transfer:
        hold = await self.hold_of(hold_id)
        if hold.state is not HoldState.OPEN or hold.expires_at <= at:
            raise HoldNotOpen
        self._end(hold, HoldState.CAPTURED, at)
        return self._post(
            TransferKind.REDEMPTION, hold.person, -hold.points, take(hold.points), reason=hold.reason, by=by, at=at
        )

    async def release(self, hold_id: UUID, *, at: datetime, expired: bool = False) -> Hold:
        hold = await self.hold_of(hold_id)
        if hold.state is not HoldState.OPEN:
            raise HoldNotOpen
        return self._end(hold, HoldState.EXPIRED if expired else HoldState.RELEASED, at)

    async def expired_holds(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        expired = [h for h in self.holds.values() if h.state is HoldState.OPEN and h.expires_at <= at]
        return [h.id for h in sorted(expired, key=lambda h: (h.expires_at, h.id))][:limit]

    async def persons_with_stale_points(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        return sorted(p for p in self.accounts if min(self._stale(p, at), self._account(p).free) > 0)[:limit]

    async def expire(self, person: UUID, *, at: datetime) -> Transfer | None:
        self._must_be_open()
        stale = min(self._stale(person, at), self._account(person).free)
        if stale == 0:
            return None
        return self._post(TransferKind.EXPIRY, person, -stale, take(stale), reason="积分到期", by=None, at=at)

    async def account_of(self, person: UUID) -> Account:
        return self._account(person)

    def _account(self, person: UUID) -> Account:
        return self.accounts.get(person, Account(person))

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise LedgerNotOpen

    def _must_have(self, person: UUID, points: int) -> None:
        if self._account(person).free < points:
            raise InsufficientPoints

    def _given(self, person: UUID, rule: str, since: datetime) -> int:
        taken_back = {p.transfer.reverses for p in self.postings}
        awards = [p.transfer for p in self.postings if p.transfer.kind is TransferKind.AWARD]
        return sum(
            t.points
            for t in awards
            if t.person == person and t.rule == rule and t.at >= since and t.id not in taken_back
        )

    def _stale(self, person: UUID, at: datetime) -> int:
        own = [p for p in self.postings if p.transfer.person == person]
        outlived = sum(p.legs.person for p in own if p.legs.person > 0 and p.expires_at and p.expires_at <= at)
        return max(0, outlived + sum(p.legs.person for p in own if p.legs.person < 0))

    def _end(self, hold: Hold, state: HoldState, at: datetime) -> Hold:
        account = self._account(hold.person)
        self.accounts[hold.person] = replace(account, held=account.held - hold.points)
        self.holds[hold.id] = replace(hold, state=state, ended_at=at, version=hold.version + 1)
        return self.holds[hold.id]

    def _post(
        self,
        kind: TransferKind,
        person: UUID,
        points: int,
        legs: Legs,
        *,
        reason: str,
        by: UUID | None,
        at: datetime,
        rule: str | None = None,
        rule_version: int | None = None,
        reverses: UUID | None = None,
        deed: Deed | None = None,
        expires_at: datetime | None = None,
    ) -> Transfer:
        before = self._account(person)
        after = replace(before, balance=before.balance + legs.person, debt=before.debt - legs.debt)
        self.accounts[person] = after
        transfer = Transfer(
            new_id(), len(self.postings) + 1, kind, person, points, reason, by, at, after, rule, rule_version, reverses
        )
        self.postings.append(Posting(transfer, legs, deed, expires_at))
        return transfer
