"""How the use cases keep patrols and what was found on them."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from services.issues.domain.patrol import Counts, Finding, Patrol
from shared.principal import Principal


class PatrolStore(Protocol):
    """The patrols of one community. Findings are added beside the patrol, so that several people can write at once."""

    async def get(self, patrol_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None) -> Patrol:
        """The patrol, if this person may see it (None: the clockwork asks). Raises PatrolNotFound or PreconditionFailed."""
        ...

    async def add(self, patrol: Patrol) -> None:
        """Keep a new patrol."""
        ...

    async def save(self, patrol: Patrol) -> None:
        """Keep a changed patrol with its visits. Raises ConcurrentChange."""
        ...

    async def add_finding(self, finding: Finding) -> None:
        """Keep a finding. Raises TooManyFindings."""
        ...

    async def finding(self, patrol_id: UUID, finding_id: UUID) -> Finding:
        """A finding, locked until the end of this transaction. Raises FindingNotFound."""
        ...

    async def raise_finding(self, finding_id: UUID, issue_id: UUID) -> None:
        """Note which issue a finding became."""
        ...

    async def counts(self, patrol_id: UUID) -> tuple[Counts, int]:
        """How many findings of each kind, and how many of them became issues."""
        ...

    async def grids_of_worker(self, person_id: UUID) -> tuple[UUID, ...]:
        """The grids whose worker this person is."""
        ...

    async def unknown_grids(self, grid_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of the grids that the community does not have."""
        ...
