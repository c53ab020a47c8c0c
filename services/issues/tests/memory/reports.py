"""Counts in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.issues.domain.history import HistoryEntry
from services.issues.domain.issue import Issue
from services.issues.domain.rates.contribution import Cell, Contribution, Facts
from services.issues.domain.rates.counting import Counted
from services.issues.domain.rates.reading import Step
from services.issues.ports.reports import Baseline, Generations, Placed, ProfileFigures
from services.issues.tests.memory.issues import MemoryIssues


class MemoryReports:
    """Satisfies `ports.ReportStore`. Changed issues are those a test puts into `queue`."""

    def __init__(self, issues: MemoryIssues) -> None:
        self._issues = issues
        self.queue: list[UUID] = []
        self.generations = Generations(1)
        self.contributions: dict[int, dict[UUID, Contribution]] = {}
        self.sums: dict[int, Counter[Cell]] = {}
        self.watch: dict[int, set[tuple[str, UUID]]] = {}
        self.baselines: dict[tuple[str, object, object], Baseline] = {}
        self.profiles: dict[object, ProfileFigures] = {}

    async def lock(self) -> Generations | None:
        """Nobody else is there."""
        return self.generations

    async def take_changed(self, limit: int) -> Sequence[UUID]:
        """The first of the queue."""
        taken, self.queue = self.queue[:limit], self.queue[limit:]
        return list(dict.fromkeys(taken))

    async def has_waiting(self) -> bool:
        """Whether the queue holds anything."""
        return bool(self.queue)

    async def read(self, issue_ids: Sequence[UUID]) -> Sequence[tuple[Facts, Sequence[Step]]]:
        """Facts and steps of what is kept."""
        known = [self._issues.kept[one] for one in sorted(issue_ids) if one in self._issues.kept]
        return [(self._facts(issue), [step_of(e) for e in self._issues.history[issue.id]]) for issue in known]

    async def former(self, generation: int, issue_ids: Sequence[UUID]) -> Mapping[UUID, Contribution]:
        """What they add so far."""
        known = self.contributions.get(generation, {})
        return {one: known[one] for one in issue_ids if one in known}

    async def add(self, generation: int, counted: Counted) -> None:
        """Keep and add."""
        self.contributions.setdefault(generation, {}).update(counted.contributions)
        self.sums.setdefault(generation, Counter()).update(counted.difference)
        watch = self.watch.setdefault(generation, set())
        watch.difference_update((one.watch, issue_id) for issue_id, one in counted.unlisted)
        watch.update((one.watch, issue_id) for issue_id, one in counted.listed)

    async def count_repetitions_of(self, placed: Sequence[Placed]) -> None:
        """Put the later ones of the same place into the queue."""
        for place in placed:
            self.queue += [
                issue.id
                for issue in self._issues.kept.values()
                if (issue.place.building_id, issue.category) == (place.building_id, place.category)
                and (issue.registered_at, issue.id) > (place.registered_at, place.issue_id)
                and issue.registered_at <= place.registered_at + timedelta(days=90)
            ]

    async def next_issues(self, after: UUID | None, limit: int) -> Sequence[UUID]:
        """In the order of ids."""
        return sorted(one for one in self._issues.kept if after is None or one > after)[:limit]

    async def begin_building(self) -> int:
        """The next generation."""
        self.generations = Generations(self.generations.current, self.generations.current + 1, None)
        return self.generations.current + 1

    async def reach(self, issue_id: UUID) -> None:
        """Remember it."""
        self.generations = Generations(self.generations.current, self.generations.current + 1, issue_id)

    async def show(self, generation: int) -> int:
        """Compare, and go over."""
        former = {cell: n for cell, n in self.sums.get(self.generations.current, Counter()).items() if n}
        made = {cell: n for cell, n in self.sums.get(generation, Counter()).items() if n}
        self.generations = Generations(generation)
        return len(set(former.items()) ^ set(made.items()))

    async def drop_former(self, limit: int) -> int:  # noqa: ARG002
        """All at once."""
        gone = [generation for generation in self.sums if generation < self.generations.current]
        for generation in gone:
            del self.sums[generation]
        return len(gone)

    async def keep_baseline(self, baseline: Baseline, by: UUID, at: datetime) -> None:  # noqa: ARG002
        """Keep it."""
        self.baselines[baseline.metric, baseline.first_day, baseline.last_day] = baseline

    async def keep_profile(self, figures: ProfileFigures) -> None:
        """Keep them."""
        self.profiles[figures.as_of] = figures

    def _facts(self, issue: Issue) -> Facts:
        quantity = issue.resolution.quantity if issue.resolution else None
        return Facts(
            issue_id=issue.id,
            kind=issue.kind,
            category=issue.category,
            source=issue.source,
            building_id=issue.place.building_id,
            reported_by=issue.reported_by,
            registered_at=issue.registered_at,
            tier=issue.tier,
            outcome=issue.outcome,
            quantity_kind=quantity.kind if quantity else None,
            quantity=quantity.amount if quantity else None,
            review_at=issue.deferral.review_at if issue.deferral else None,
            repeats=self._repeats(issue),
        )

    def _repeats(self, issue: Issue) -> bool:
        return issue.place.building_id is not None and any(
            (other.place.building_id, other.category) == (issue.place.building_id, issue.category)
            and (other.registered_at, other.id) < (issue.registered_at, issue.id)
            and other.registered_at >= issue.registered_at - timedelta(days=90)
            for other in self._issues.kept.values()
        )


def step_of(entry: HistoryEntry) -> Step:
    """An entry of the history as counting reads it."""
    return Step(
        entry.verb.value,
        entry.source.value if entry.source else None,
        entry.target.value,
        entry.by,
        entry.at,
        entry.round,
        entry.details,
    )
