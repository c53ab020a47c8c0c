"""How the use cases keep mediations."""

from typing import Protocol
from uuid import UUID

from services.issues.domain.mediation import Mediation
from shared.principal import Principal


class MediationStore(Protocol):
    """The mediations of one community. Names, notes and texts are sealed before they are kept."""

    async def get(
        self, mediation_id: UUID, *, seen_by: Principal | None, expected_version: int | None = None
    ) -> Mediation:
        """The mediation, if this person may see it (None: the rules ask), held until the end of the transaction.
        Raises MediationNotFound, PreconditionFailed or MediationUnreadable."""
        ...

    async def add(self, mediation: Mediation) -> None:
        """Keep a new mediation. Raises MediationAlreadyOpen when the dispute is being mediated already."""
        ...

    async def save(self, mediation: Mediation) -> None:
        """Keep a changed mediation. Raises ConcurrentChange."""
        ...

    async def note_look(self, mediation: Mediation) -> None:
        """Keep what happened without a change of the mediation itself."""
        ...

    async def settled_since(self, issue_id: UUID) -> bool:
        """Whether the last mediation of this issue settled it."""
        ...
