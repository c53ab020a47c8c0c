"""Mediations in memory."""

from copy import deepcopy
from uuid import UUID

from services.issues.domain.errors.mediations import MediationAlreadyOpen, MediationNotFound
from services.issues.domain.mediation import Mediation
from services.issues.domain.mediation_parts import MediationEntry
from services.issues.domain.words.mediations import MediationOutcome, MediationState
from shared.errors import ConcurrentChange
from shared.expected_version import check_version
from shared.principal import Principal


class MemoryMediations:
    """Satisfies `ports.MediationStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Mediation] = {}
        self.history: dict[UUID, list[MediationEntry]] = {}

    async def get(
        self, mediation_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None
    ) -> Mediation:
        """A copy of the mediation."""
        if mediation_id not in self.kept:
            raise MediationNotFound
        mediation = deepcopy(self.kept[mediation_id])
        if seen_by is not None:
            mediation.check_visible_to(seen_by)
        check_version(mediation.version, expected_version)
        return mediation

    async def add(self, mediation: Mediation) -> None:
        """Keep a new mediation."""
        for other in self.kept.values():
            if other.issue_id == mediation.issue_id and other.state is not MediationState.CLOSED:
                raise MediationAlreadyOpen
        await self.note_look(mediation)
        self.kept[mediation.id] = deepcopy(mediation)

    async def save(self, mediation: Mediation) -> None:
        """Keep a changed mediation."""
        if self.kept[mediation.id].version != mediation.version:
            raise ConcurrentChange
        mediation.version += 1
        await self.note_look(mediation)
        self.kept[mediation.id] = deepcopy(mediation)

    async def note_look(self, mediation: Mediation) -> None:
        """Keep what happened."""
        self.history.setdefault(mediation.id, []).extend(mediation.happened)
        mediation.happened.clear()

    async def settled_since(self, issue_id: UUID) -> bool:
        """Whether the newest mediation settled it."""
        of_issue = [one for one in self.kept.values() if one.issue_id == issue_id]
        return bool(of_issue) and max(of_issue, key=lambda one: one.id).outcome is MediationOutcome.SETTLED
