"""Routing rules in memory."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.routing import RulesRefused
from services.issues.domain.place import Place
from services.issues.domain.routing import Matter, Rule, RuleSet, Spot, Suggestion, suggest
from services.issues.domain.words.issues import State
from services.issues.ports.routing import Waiting
from services.issues.tests.memory.directory import MemoryDirectory
from services.issues.tests.memory.issues import MemoryIssues
from shared.errors import ConcurrentChange
from shared.expected_version import check_version

UNASSIGNED = (State.REGISTERED, State.ACCEPTED, State.ON_AGENDA)


class MemoryRouting:
    """Satisfies `ports.RoutingStore`."""

    def __init__(self, issues: MemoryIssues, directory: MemoryDirectory) -> None:
        self.kept: dict[int, RuleSet] = {}
        self.known_spots: dict[UUID, Spot] = {}
        self.kinds: dict[str, tuple[UUID, ...]] = {}
        self._issues = issues
        self._directory = directory

    async def in_force(self, at: datetime) -> RuleSet | None:
        """The newest version whose date has come."""
        due = [version for version, known in self.kept.items() if known.effective_from <= at]
        return self.kept[max(due)] if due else None

    async def newest_version(self, *, expected: int | None = None) -> int:
        """Number of the newest version."""
        newest = max(self.kept, default=0)
        check_version(newest, expected)
        return newest

    async def add(self, rule_set: RuleSet) -> None:
        """Keep a new version."""
        if rule_set.version in self.kept:
            raise ConcurrentChange
        self.kept[rule_set.version] = rule_set

    async def check_known(self, rules: Sequence[Rule]) -> None:
        """Raise RulesRefused."""
        wrong = {
            f"rules[{index}].organisation": ("-", "-")
            for index, rule in enumerate(rules)
            if rule.organisation not in self._directory.organisations
        }
        if wrong:
            raise RulesRefused(fields=wrong)

    async def suggestion(self, category: str, place: Place, at: datetime) -> Suggestion:
        """Who would answer."""
        matter = (await self.matters())[category]
        named = Spot(place.grid_id, place.compound_id)
        spot = self.known_spots.get(place.building_id, named) if place.building_id else named
        return suggest(await self.in_force(at), matter, spot, self.kinds.get(matter.responsible_kind, ()))

    async def waiting(self) -> Sequence[Waiting]:
        """The open issues that are not assigned."""
        counted = Counter(
            (issue.place.building_id, issue.category, issue.place.grid_id, issue.place.compound_id)
            for issue in self._issues.kept.values()
            if issue.state in UNASSIGNED
        )
        return [
            Waiting(building, category, number, grid, compound)
            for (building, category, grid, compound), number in counted.items()
        ]

    async def spots(self, wanted: Collection[UUID]) -> dict[UUID, Spot]:
        """Grid and compound."""
        return {building: self.known_spots[building] for building in wanted if building in self.known_spots}

    async def matters(self) -> dict[str, Matter]:
        """Every category with its parent."""
        return {
            code: Matter((code, category.parent) if category.parent else (code,), category.responsible_kind)
            for code, category in self._directory.categories.items()
        }

    async def usual(self) -> dict[str, tuple[UUID, ...]]:
        """The organisations of each kind."""
        return self.kinds
