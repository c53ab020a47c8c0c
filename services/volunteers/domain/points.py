"""Points: what a transfer, a hold and an account are, and the arithmetic of crediting, taking back, capping and expiring.

The ledger itself moves points inside the database (`migrations/versions/0006_*`), one statement per operation; the
functions here say the same in plain Python, and the tests hold the two against each other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.clock import CHINA


class AccountKind(StrEnum):
    """Points come from `issuing`, lie on `person` accounts; `debt` carries what a person owes after a reversal."""

    ISSUING = "issuing"
    DEBT = "debt"
    PERSON = "person"


class TransferKind(StrEnum):
    """Why points moved."""

    AWARD = "award"
    REDEMPTION = "redemption"
    ADJUSTMENT = "adjustment"
    REVERSAL = "reversal"
    EXPIRY = "expiry"


class HoldState(StrEnum):
    """What became of points set aside."""

    OPEN = "open"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"


LABELS_ZH = {
    TransferKind.AWARD: "积分奖励",
    TransferKind.REDEMPTION: "积分兑换",
    TransferKind.ADJUSTMENT: "人工调整",
    TransferKind.REVERSAL: "撤销",
    TransferKind.EXPIRY: "积分过期",
}
LABELS_EN = {
    TransferKind.AWARD: "award",
    TransferKind.REDEMPTION: "redemption",
    TransferKind.ADJUSTMENT: "adjustment",
    TransferKind.REVERSAL: "reversal",
    TransferKind.EXPIRY: "expiry",
}


@dataclass(frozen=True, slots=True)
class Account:
    """A person's points: `balance` includes `held`; `debt` is owed and paid off by the next credits."""

    person: UUID
    balance: int = 0
    held: int = 0
    debt: int = 0

    @property
    def free(self) -> int:
        """What can be spent now."""
        return self.balance - self.held


@dataclass(frozen=True, slots=True)
class Transfer:
    """One movement of points, with the person's account as it stands after it. Never changed afterwards."""

    id: UUID
    sequence: int
    kind: TransferKind
    person: UUID
    points: int
    """Signed, as the person sees it."""
    reason: str
    made_by: UUID | None
    at: datetime
    account: Account
    rule: str | None = None
    rule_version: int | None = None
    reverses: UUID | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Points set aside for something that is being fetched; captured, given back, or expired."""

    id: UUID
    person: UUID
    points: int
    reason: str
    state: HoldState
    made_by: UUID
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    version: int = 1


class CapPolicy(StrEnum):
    """What to do when a cap leaves less than the rule gives."""

    REFUSE = "refuse"
    REDUCE = "reduce"


@dataclass(frozen=True, slots=True)
class Deed:
    """What earned the points, so that one deed earns them once: a kind such as `wish` and its id."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Legs:
    """How one transfer divides over the three accounts. They always add up to nothing."""

    person: int
    debt: int
    issuing: int


def credit(points: int, owed: int) -> Legs:
    """Give points: what is owed is paid off first, the rest lands on the account."""
    repaid = min(points, owed)
    return Legs(person=points - repaid, debt=repaid, issuing=-points)


def take(points: int) -> Legs:
    """Take points that the person has."""
    return Legs(person=-points, debt=0, issuing=points)


def take_back(points: int, free: int) -> Legs:
    """Undo a credit: what the person no longer has free becomes debt, never a negative balance."""
    taken = min(points, free)
    return Legs(person=-taken, debt=taken - points, issuing=points)


def within_caps(points: int, *, today: int, this_week: int, daily_cap: int | None, weekly_cap: int | None) -> int:
    """How many of `points` the caps still allow, given what the rule gave the person today and this week."""
    room = [points]
    if daily_cap is not None:
        room.append(daily_cap - today)
    if weekly_cap is not None:
        room.append(weekly_cap - this_week)
    return max(0, min(room))


def start_of_day(at: datetime) -> datetime:
    """Midnight of the community's day; daily caps count from here."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def start_of_week(at: datetime) -> datetime:
    """Midnight of the community's Monday; weekly caps count from here."""
    day = start_of_day(at)
    return day - timedelta(days=day.weekday())
