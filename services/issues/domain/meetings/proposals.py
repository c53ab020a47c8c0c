"""Topics that roster members propose for a meeting (practice 13): accepted ones become issues on its agenda, others get a reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.errors.proposals import NotOnTheRoster, ProposalDecided
from services.issues.domain.meeting import READERS, Meeting
from services.issues.domain.words.meetings import ProposalState
from shared.principal import Principal

MOST_PROPOSALS = 100
"""Of one meeting."""


@dataclass(slots=True, kw_only=True)
class TopicProposal:
    """What somebody wants to be talked about."""

    id: UUID
    meeting_id: UUID
    title: str
    text: str
    category: str | None
    proposed_by: UUID
    proposed_at: datetime
    state: ProposalState = ProposalState.PROPOSED
    reason: str | None = None
    issue_id: UUID | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    version: int = 1

    @classmethod
    def make(
        cls,
        meeting: Meeting,
        *,
        proposal_id: UUID,
        title: str,
        text: str,
        category: str | None,
        by: Principal,
        at: datetime,
    ) -> "TopicProposal":
        """Those at the table and the office propose."""
        meeting.refuse_if_over()
        if not (meeting.is_invited(by.person) or by.roles & READERS):
            raise NotOnTheRoster
        return cls(
            id=proposal_id,
            meeting_id=meeting.id,
            title=title,
            text=text,
            category=category,
            proposed_by=by.person,
            proposed_at=at,
        )

    def accept(self, issue_id: UUID, *, by: UUID, at: datetime) -> None:
        """It is on the agenda as this issue."""
        self._decide(ProposalState.ACCEPTED, by, at)
        self.issue_id = issue_id

    def decline(self, reason: str, *, by: UUID, at: datetime) -> None:
        """It is not talked about, and whoever proposed it hears why."""
        self._decide(ProposalState.DECLINED, by, at)
        self.reason = reason

    def _decide(self, state: ProposalState, by: UUID, at: datetime) -> None:
        if self.state is not ProposalState.PROPOSED:
            raise ProposalDecided
        self.state, self.decided_by, self.decided_at = state, by, at
