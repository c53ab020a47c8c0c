"""Decline a proposed topic, with a reason that its author reads."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meetings.proposals import TopicProposal
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import TopicDecided
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class DeclineTopic:
    """Which proposal, and why."""

    meeting_id: UUID
    proposal_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def decline_topic(command: DeclineTopic, uow: IssuesUnitOfWork) -> TopicProposal:
    """It is not put on the agenda."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by)
    proposal = await uow.proposals.get(meeting.id, command.proposal_id, expected_version=command.expected_version)
    proposal.decline(command.reason, by=command.by.person, at=uow.now())
    await uow.proposals.save(proposal)
    await uow.publish(
        TopicDecided(
            meeting_id=meeting.id,
            proposal_id=proposal.id,
            kind=meeting.kind,
            accepted=False,
            proposed_by=proposal.proposed_by,
            decided_by=command.by.person,
        )
    )
    return proposal
