"""How the use cases keep live minutes and proposed topics."""

from typing import Protocol
from uuid import UUID

from services.issues.domain.meetings.minutes import Section
from services.issues.domain.meetings.proposals import TopicProposal


class MinutesStore(Protocol):
    """The minutes of meetings, section by section, with a bounded history."""

    async def section(self, meeting_id: UUID, section_id: UUID) -> Section | None:
        """A section as it stands. Two who write in the same one wait for each other."""
        ...

    async def keep(self, meeting_id: UUID, section: Section, *, new_version: bool) -> None:
        """Keep a section; its history grows by one, or its newest entry is replaced. Old entries go."""
        ...


class ProposalStore(Protocol):
    """Topics that people propose."""

    async def get(self, meeting_id: UUID, proposal_id: UUID, *, expected_version: int | None = None) -> TopicProposal:
        """A proposal. Raises ProposalNotFound or PreconditionFailed."""
        ...

    async def add(self, proposal: TopicProposal) -> None:
        """Keep a new proposal. Raises TooManyProposals."""
        ...

    async def save(self, proposal: TopicProposal) -> None:
        """Keep a decided proposal. Raises ConcurrentChange."""
        ...
