"""Live minutes and proposed topics in memory."""

from copy import deepcopy
from uuid import UUID

from services.issues.domain.errors.proposals import ProposalNotFound, TooManyProposals
from services.issues.domain.meetings.minutes import KEPT_VERSIONS, Section
from services.issues.domain.meetings.proposals import MOST_PROPOSALS, TopicProposal
from services.issues.tests.memory.meetings import MemoryMeetings
from shared.errors import ConcurrentChange
from shared.expected_version import check_version


class MemoryMinutes:
    """Satisfies `ports.MinutesStore`."""

    def __init__(self, meetings: MemoryMeetings) -> None:
        self.meetings = meetings
        self.kept: dict[tuple[UUID, UUID], Section] = {}
        self.history: dict[tuple[UUID, UUID], list[Section]] = {}

    async def section(self, meeting_id: UUID, section_id: UUID) -> Section | None:
        """A section."""
        return self.kept.get((meeting_id, section_id))

    async def keep(self, meeting_id: UUID, section: Section, *, new_version: bool) -> None:
        """Keep a section with its history."""
        key = meeting_id, section.section_id
        self.kept[key] = section
        before = self.history.get(key, [])
        self.history[key] = [*(before if new_version else before[:-1]), section][-KEPT_VERSIONS:]
        for item in self.meetings.kept[meeting_id].items:
            if item.id == section.section_id:
                item.minutes = section.text


class MemoryProposals:
    """Satisfies `ports.ProposalStore`."""

    def __init__(self) -> None:
        self.kept: dict[UUID, TopicProposal] = {}

    async def get(self, meeting_id: UUID, proposal_id: UUID, *, expected_version: int | None = None) -> TopicProposal:
        """A copy of the proposal."""
        found = self.kept.get(proposal_id)
        if found is None or found.meeting_id != meeting_id:
            raise ProposalNotFound
        check_version(found.version, expected_version)
        return deepcopy(found)

    async def add(self, proposal: TopicProposal) -> None:
        """Keep a new proposal."""
        if sum(one.meeting_id == proposal.meeting_id for one in self.kept.values()) >= MOST_PROPOSALS:
            raise TooManyProposals
        self.kept[proposal.id] = deepcopy(proposal)

    async def save(self, proposal: TopicProposal) -> None:
        """Keep a decided proposal."""
        if self.kept[proposal.id].version != proposal.version:
            raise ConcurrentChange
        proposal.version += 1
        self.kept[proposal.id] = deepcopy(proposal)
