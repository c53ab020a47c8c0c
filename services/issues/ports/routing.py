"""How the use cases keep routing rules, and what they ask to apply them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.issues.domain.place import Place
from services.issues.domain.routing import Matter, Rule, RuleSet, Spot, Suggestion


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many open issues that nobody answers for yet are of this category in this place."""

    building_id: UUID | None
    category: str
    number: int
    grid_id: UUID | None = None
    compound_id: UUID | None = None


class RoutingStore(Protocol):
    """The routing rules of one community."""

    async def in_force(self, at: datetime) -> RuleSet | None:
        """The newest version whose date has come."""
        ...

    async def newest_version(self, *, expected: int | None = None) -> int:
        """Number of the newest version; 0 before the first. Raises PreconditionFailed when another one was expected."""
        ...

    async def add(self, rule_set: RuleSet) -> None:
        """Keep a new version for ever. Raises ConcurrentChange when its number was taken meanwhile."""
        ...

    async def check_known(self, rules: Sequence[Rule]) -> None:
        """Raise RulesRefused that names each rule whose category, grid, compound or organisation is not in this community."""
        ...

    async def suggestion(self, category: str, place: Place, at: datetime) -> Suggestion:
        """Who would answer for such a matter by the rules in force."""
        ...

    async def waiting(self) -> Sequence[Waiting]:
        """The open issues that are not assigned, counted by place and category."""
        ...

    async def spots(self, buildings: Collection[UUID]) -> dict[UUID, Spot]:
        """Grid and compound of buildings."""
        ...

    async def matters(self) -> dict[str, Matter]:
        """Every category with its parents."""
        ...

    async def usual(self) -> dict[str, tuple[UUID, ...]]:
        """The organisations of each kind."""
        ...
