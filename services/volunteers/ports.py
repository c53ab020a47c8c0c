"""What the use cases of volunteers need from the world, in their own words. Storage keeps these promises on PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.domain.beneficiary import Beneficiary, RevealPurpose
from services.volunteers.domain.points import Account, CapPolicy, Deed, Hold, Transfer
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.domain.wish import Wish
from shared.contracts.message import Message
from shared.transaction import Transaction


class WishStore(Protocol):
    """Wishes with their claims."""

    async def add(self, wish: Wish) -> None:
        """Keep a new wish."""
        ...

    async def get(self, wish_id: UUID, *, expected_version: int | None = None) -> Wish:
        """Load a wish to change it; others who want to change it wait. Raises WishNotFound, PreconditionFailed."""
        ...

    async def save(self, wish: Wish) -> None:
        """Keep the changes. Raises ConcurrentChange when somebody else was faster."""
        ...

    async def open_claims_of(self, person: UUID, at: datetime) -> int:
        """How many promises a person holds open. Until the end of this transaction the answer cannot change."""
        ...

    async def with_expired_claims(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Wishes whose claim ran out, the longest overdue first."""
        ...


class BeneficiaryStore(Protocol):
    """Sealed records about beneficiaries, apart from the wishes."""

    async def add(self, wish_id: UUID, beneficiary: Beneficiary) -> None:
        """Seal and keep what was said about the beneficiary of a wish."""
        ...

    async def reveal(self, wish_id: UUID, *, purpose: RevealPurpose, by: UUID, at: datetime) -> Beneficiary:
        """Open the record and write down who looked and why, both or neither. Raises BeneficiaryNotFound."""
        ...


class Ledger(Protocol):
    """The points ledger of the community: double entry, append-only. Every operation holds or nothing happened."""

    async def open(self, at: datetime) -> None:
        """Open issuing and debt account; does nothing when they stand already."""
        ...

    async def award(
        self, person: UUID, rule: str, *, reason: str, deed: Deed | None, by: UUID | None, at: datetime, caps: CapPolicy
    ) -> Transfer | None:
        """Give what a rule gives, within its caps. None: with REDUCE, caps, rule or an earlier award leave nothing to give.

        Raises LedgerNotOpen; with REFUSE also RuleNotInForce, PointsCapReached, AlreadyAwarded.
        """
        ...

    async def debit(self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime) -> Transfer:
        """Take points for something handed over. Raises InsufficientPoints."""
        ...

    async def adjust(self, adjustment: Adjustment, *, at: datetime) -> Transfer:
        """Post an approved adjustment. Raises InsufficientPoints when it would overdraw."""
        ...

    async def reverse(self, transfer_id: UUID, *, reason: str, by: UUID, at: datetime) -> Transfer:
        """Take a transfer back by a new one; what the person no longer has becomes debt.

        Raises TransferNotFound, AlreadyReversed, NotReversible.
        """
        ...

    async def hold(
        self, person: UUID, points: int, *, reason: str, by: UUID, at: datetime, expires_at: datetime
    ) -> Hold:
        """Set points aside. Raises InsufficientPoints."""
        ...

    async def hold_of(self, hold_id: UUID) -> Hold:
        """Look at a hold. Raises HoldNotFound."""
        ...

    async def capture(self, hold_id: UUID, *, by: UUID, at: datetime) -> Transfer:
        """Take the points that were set aside. Raises HoldNotFound, HoldNotOpen (also when it has expired)."""
        ...

    async def release(self, hold_id: UUID, *, at: datetime, expired: bool = False) -> Hold:
        """Free the points that were set aside. Raises HoldNotFound, HoldNotOpen."""
        ...

    async def expired_holds(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Open holds whose time is over."""
        ...

    async def persons_with_stale_points(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        """Persons of whom some free points have outlived their rule."""
        ...

    async def expire(self, person: UUID, *, at: datetime) -> Transfer | None:
        """Take points back that outlived their rule and were never spent; None when there are none."""
        ...

    async def account_of(self, person: UUID) -> Account:
        """The person's account as it stands; an empty one for who never had points."""
        ...


class RuleBook(Protocol):
    """Points rules with all their versions."""

    async def add(self, rule: PointsRule) -> None:
        """Keep a new version."""
        ...

    async def next_version(self, code: str) -> int:
        """Number of the next version of a rule; no two proposals get the same."""
        ...

    async def get(self, code: str, version: int) -> PointsRule:
        """One version. Raises RuleVersionNotFound."""
        ...

    async def save_approval(self, rule: PointsRule) -> None:
        """Keep who approved the version and when; nothing else of it ever changes."""
        ...


class AdjustmentStore(Protocol):
    """Manual corrections."""

    async def add(self, adjustment: Adjustment) -> None:
        """Keep a proposal."""
        ...

    async def get(self, adjustment_id: UUID, *, expected_version: int | None = None) -> Adjustment:
        """Load one to decide it. Raises AdjustmentNotFound, PreconditionFailed."""
        ...

    async def save(self, adjustment: Adjustment) -> None:
        """Keep the decision. Raises ConcurrentChange."""
        ...


class People(Protocol):
    """Who belongs to the community, copied from the gateway's messages."""

    async def open_community(self, at: datetime) -> None:
        """Remember that this service works for the community."""
        ...

    async def grant(self, membership_id: UUID, person: UUID, organisation: UUID | None, role: str) -> None:
        """Remember a membership."""
        ...

    async def end(self, membership_id: UUID, at: datetime) -> None:
        """Remember that a membership ended."""
        ...

    async def register_volunteer(self, person: UUID, at: datetime) -> None:
        """Put a person on the list of volunteers, or back on it."""
        ...

    async def retire_volunteer_without_role(self, person: UUID, at: datetime) -> None:
        """Take a person off the list who no longer holds any role of a volunteer."""
        ...

    async def belongs_here(self, person: UUID) -> bool:
        """Does the person hold any membership of the community?"""
        ...


class VolunteersUnitOfWork(Transaction, Protocol):
    """One transaction of one community."""

    @property
    def wishes(self) -> WishStore:
        """Wishes."""
        ...

    @property
    def beneficiaries(self) -> BeneficiaryStore:
        """Sealed records."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Points."""
        ...

    @property
    def rules(self) -> RuleBook:
        """Points rules."""
        ...

    @property
    def adjustments(self) -> AdjustmentStore:
        """Manual corrections."""
        ...

    @property
    def people(self) -> People:
        """Members and volunteers."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Let the others know, if and when this transaction commits."""
        ...
