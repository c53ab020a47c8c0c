"""The rules of clocks as versioned data: how long each clock runs, by tier and category, and when offices are open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.calendar.working import OFFICE_HOURS, Hours
from services.issues.domain.words.clocks import ClockCode, Unit
from services.issues.domain.words.issues import Tier


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in a unit."""

    unit: Unit
    amount: int

    def halved(self) -> "Span":
        """Half of it, for another round: rounded up to whole units, hours to minutes."""
        if self.unit is Unit.HOURS:
            return Span(Unit.MINUTES, self.amount * 30)
        return Span(self.unit, (self.amount + 1) // 2)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long one clock runs. The most special rule wins: category and tier, then category, then tier, then neither."""

    code: ClockCode
    span: Span
    tier: Tier | None = None
    category: str | None = None

    def fits(self, code: ClockCode, tier: Tier, category: str) -> bool:
        """Whether this rule says something about such an issue."""
        return self.code is code and self.tier in (None, tier) and self.category in (None, category)

    @property
    def weight(self) -> int:
        """How special it is."""
        return 2 * (self.category is not None) + (self.tier is not None)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of all rules. Immutable: a change is another version."""

    version: int
    """0: as shipped."""
    rules: tuple[ClockRule, ...]
    hours: Hours = OFFICE_HOURS
    effective_from: datetime | None = None
    """It counts for clocks that start from this moment on. Never before a second person approved it, so that no deadline
    changes afterwards. None: since ever."""
    approved_by: UUID | None = None

    def span(self, code: ClockCode, tier: Tier, category: str) -> Span:
        """How long a clock runs for such an issue."""
        fitting = [rule for rule in self.rules if rule.fits(code, tier, category)]
        return max(fitting, key=lambda rule: rule.weight).span


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions that were approved, with the shipped one."""

    versions: tuple[RuleSet, ...]

    def in_force(self, at: datetime) -> RuleSet:
        """The version that counts for a clock that starts at a moment."""
        held = [version for version in self.versions if version.effective_from is None or version.effective_from <= at]
        return max(held, key=lambda version: version.version)
