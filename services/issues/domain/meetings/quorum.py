"""How many of the invited must be there for a meeting to decide (法定人数)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """More than `over_percent` of the invited, and never fewer than `at_least`. By default more than half."""

    over_percent: int = 50
    at_least: int = 0

    def needed(self, invited: int) -> int:
        """How many of this many must be there."""
        return max(self.at_least, invited * self.over_percent // 100 + 1 if invited else 0)

    def applied(self, *, invited: int, attended: int) -> "Quorum":
        """The quorum of a meeting."""
        return Quorum(invited, attended, self.needed(invited))


@dataclass(frozen=True, slots=True)
class Quorum:
    """What is shown during a meeting and recorded when it closes. Guests count on neither side."""

    invited: int
    attended: int
    needed: int

    @property
    def reached(self) -> bool:
        """Whether enough are there."""
        return self.attended >= self.needed
