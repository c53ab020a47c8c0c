# ruff: noqa: ARG002 - the ports name every argument
"""All stores of volunteers in memory, for unit tests; the scenario tests hold wishes and adjustments against PostgreSQL.

The ledger lies in `memory_ledger.py`.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from services.volunteers.domain.adjustment import Adjustment
from services.volunteers.domain.beneficiary import Beneficiary, RevealPurpose
from services.volunteers.domain.errors import (
    AdjustmentNotFound,
    BeneficiaryNotFound,
    RuleVersionNotFound,
    WishNotFound,
)
from services.volunteers.domain.points_rule import PointsRule
from services.volunteers.domain.volunteer import VOLUNTEERING_ROLES
from services.volunteers.domain.wish import ClaimOutcome, Wish, WishState
from services.volunteers.tests.builders import AT
from services.volunteers.tests.memory_ledger import MemoryLedger
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemoryWishes:
    """WishStore."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Wish] = {}

    async def add(self, wish: Wish) -> None:
        self.kept[wish.id] = deepcopy(wish)

    async def get(self, wish_id: UUID, *, expected_version: int | None = None) -> Wish:
        if wish_id not in self.kept:
            raise WishNotFound
        check_version(self.kept[wish_id].version, expected_version)
        return deepcopy(self.kept[wish_id])

    async def save(self, wish: Wish) -> None:
        if wish.id not in self.kept:
            raise WishNotFound
        if self.kept[wish.id].version != wish.version:
            raise ConcurrentChange
        wish.version += 1
        wish.ended_claims = []
        self.kept[wish.id] = deepcopy(wish)

    async def open_claims_of(self, person: UUID, at: datetime) -> int:
        claims = [wish.claim for wish in self.kept.values() if wish.claim is not None]
        return sum(c.claimed_by == person and c.outcome is ClaimOutcome.OPEN and c.expires_at > at for c in claims)

    async def with_expired_claims(self, at: datetime, *, limit: int) -> Sequence[UUID]:
        expired = [
            w for w in self.kept.values() if w.state is WishState.CLAIMED and w.claim and w.claim.expires_at <= at
        ]
        return [w.id for w in sorted(expired, key=lambda w: w.claim.expires_at if w.claim else at)][:limit]


class MemoryBeneficiaries:
    """BeneficiaryStore."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Beneficiary] = {}
        self.reveals: list[tuple[UUID, RevealPurpose, UUID, datetime]] = []

    async def add(self, wish_id: UUID, beneficiary: Beneficiary) -> None:
        self.kept[wish_id] = beneficiary

    async def reveal(self, wish_id: UUID, *, purpose: RevealPurpose, by: UUID, at: datetime) -> Beneficiary:
        if wish_id not in self.kept:
            raise BeneficiaryNotFound
        self.reveals.append((wish_id, purpose, by, at))
        return self.kept[wish_id]


class MemoryRules:
    """RuleBook."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], PointsRule] = {}

    async def add(self, rule: PointsRule) -> None:
        self.kept.setdefault((rule.code, rule.version), deepcopy(rule))

    async def next_version(self, code: str) -> int:
        return max((version for known, version in self.kept if known == code), default=0) + 1

    async def get(self, code: str, version: int) -> PointsRule:
        if (code, version) not in self.kept:
            raise RuleVersionNotFound
        return deepcopy(self.kept[code, version])

    async def save_approval(self, rule: PointsRule) -> None:
        kept = self.kept[rule.code, rule.version]
        kept.approved_by, kept.approved_at = rule.approved_by, rule.approved_at

    def in_force(self, code: str, at: datetime) -> PointsRule | None:
        """The newest version that counts."""
        versions = [rule for (known, _), rule in sorted(self.kept.items()) if known == code and rule.in_force(at)]
        return versions[-1] if versions else None


class MemoryAdjustments:
    """AdjustmentStore."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Adjustment] = {}

    async def add(self, adjustment: Adjustment) -> None:
        self.kept[adjustment.id] = deepcopy(adjustment)

    async def get(self, adjustment_id: UUID, *, expected_version: int | None = None) -> Adjustment:
        if adjustment_id not in self.kept:
            raise AdjustmentNotFound
        check_version(self.kept[adjustment_id].version, expected_version)
        return deepcopy(self.kept[adjustment_id])

    async def save(self, adjustment: Adjustment) -> None:
        if self.kept[adjustment.id].version != adjustment.version:
            raise ConcurrentChange
        adjustment.version += 1
        self.kept[adjustment.id] = deepcopy(adjustment)


@dataclass(slots=True)
class MemoryPeople:
    """People."""

    opened: datetime | None = None
    memberships: dict[UUID, tuple[UUID, str, bool]] = field(default_factory=dict)
    volunteers: set[UUID] = field(default_factory=set)

    async def open_community(self, at: datetime) -> None:
        self.opened = self.opened or at

    async def grant(self, membership_id: UUID, person: UUID, organisation: UUID | None, role: str) -> None:
        self.memberships.setdefault(membership_id, (person, role, True))

    async def end(self, membership_id: UUID, at: datetime) -> None:
        if membership_id in self.memberships:
            person, role, _ = self.memberships[membership_id]
            self.memberships[membership_id] = (person, role, False)

    async def register_volunteer(self, person: UUID, at: datetime) -> None:
        self.volunteers.add(person)

    async def retire_volunteer_without_role(self, person: UUID, at: datetime) -> None:
        held = self.memberships.values()
        if not any(p == person and role in VOLUNTEERING_ROLES and active for p, role, active in held):
            self.volunteers.discard(person)

    async def belongs_here(self, person: UUID) -> bool:
        return any(member == person and active for member, _, active in self.memberships.values())


class MemoryUnitOfWork:
    """VolunteersUnitOfWork: what it published stands in `published`."""

    def __init__(self, clock: FrozenClock | None = None) -> None:
        self.clock = clock or FrozenClock(AT)
        self.wishes = MemoryWishes()
        self.beneficiaries = MemoryBeneficiaries()
        self.rules = MemoryRules()
        self.ledger = MemoryLedger(self.rules.in_force)
        self.adjustments = MemoryAdjustments()
        self.people = MemoryPeople()
        self.published: list[Message] = []

    def now(self) -> datetime:
        return self.clock.now()

    async def __aenter__(self) -> Self:
        self._before = len(self.published)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            del self.published[self._before :]

    async def finish(self, result: object) -> None:
        """Nothing to prove in memory."""

    async def publish(self, message: Message) -> None:
        self.published.append(message)

    async def member(self, person: UUID, role: str = "resident") -> UUID:
        """Make somebody a member."""
        await self.people.grant(person, person, None, role)
        return person
