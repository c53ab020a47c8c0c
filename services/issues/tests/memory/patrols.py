"""Patrols in memory."""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from uuid import UUID

from services.issues.domain.errors.patrols import FindingNotFound, PatrolNotFound, TooManyFindings
from services.issues.domain.patrol import MOST_FINDINGS, Counts, Finding, Patrol
from services.issues.tests.builders import GRID, GRID_WORKER
from shared.errors import ConcurrentChange
from shared.expected_version import check_version
from shared.principal import Principal


class MemoryPatrols:
    """Satisfies `ports.PatrolStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Patrol] = {}
        self.findings: dict[UUID, Finding] = {}
        self.workers: dict[UUID, UUID] = {GRID: GRID_WORKER.person}

    async def get(self, patrol_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Patrol:
        """A copy of the patrol."""
        if patrol_id not in self.kept:
            raise PatrolNotFound
        patrol = deepcopy(self.kept[patrol_id])
        if seen_by is not None:
            patrol.check_visible_to(seen_by)
        check_version(patrol.version, expected_version)
        return patrol

    async def add(self, patrol: Patrol) -> None:
        """Keep a new patrol."""
        self.kept[patrol.id] = deepcopy(patrol)

    async def save(self, patrol: Patrol) -> None:
        """Keep a changed patrol."""
        if patrol.id not in self.kept:
            raise PatrolNotFound
        if self.kept[patrol.id].version != patrol.version:
            raise ConcurrentChange
        patrol.version += 1
        self.kept[patrol.id] = deepcopy(patrol)

    async def add_finding(self, finding: Finding) -> None:
        """Keep a finding."""
        if sum(1 for one in self.findings.values() if one.patrol_id == finding.patrol_id) >= MOST_FINDINGS:
            raise TooManyFindings
        self.findings[finding.id] = finding

    async def finding(self, patrol_id: UUID, finding_id: UUID) -> Finding:
        """A finding."""
        found = self.findings.get(finding_id)
        if found is None or found.patrol_id != patrol_id:
            raise FindingNotFound
        return found

    async def raise_finding(self, finding_id: UUID, issue_id: UUID) -> None:
        """Note which issue it became."""
        self.findings[finding_id] = replace(self.findings[finding_id], issue_id=issue_id)

    async def counts(self, patrol_id: UUID) -> tuple[Counts, int]:
        """How many of each kind, and how many became issues."""
        of = [one for one in self.findings.values() if one.patrol_id == patrol_id]
        return Counter(one.kind for one in of), sum(1 for one in of if one.issue_id is not None)

    async def grids_of_worker(self, person_id: UUID) -> tuple[UUID, ...]:
        """One's own grids."""
        return tuple(grid for grid, worker in self.workers.items() if worker == person_id)

    async def unknown_grids(self, grid_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Grids that are not there."""
        return frozenset(grid_ids) - self.workers.keys()
