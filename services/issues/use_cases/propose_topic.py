"""Propose a topic for a meeting: anyone at the table may (practice 13)."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.meetings.proposals import TopicProposal
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import TopicProposed
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeTopic:
    """What is to be talked about."""

    meeting_id: UUID
    title: str
    text: str
    category: str | None
    by: Principal


@one_transaction
async def propose_topic(command: ProposeTopic, uow: IssuesUnitOfWork) -> TopicProposal:
    """Keep it until the chair decides."""
    meeting = await uow.meetings.get(command.meeting_id, seen_by=command.by)
    if command.category is not None:
        await uow.directory.category(command.category)
    proposal = TopicProposal.make(
        meeting,
        proposal_id=new_id(),
        title=command.title,
        text=command.text,
        category=command.category,
        by=command.by,
        at=uow.now(),
    )
    await uow.proposals.add(proposal)
    await uow.publish(
        TopicProposed(meeting_id=meeting.id, proposal_id=proposal.id, kind=meeting.kind, proposed_by=command.by.person)
    )
    return proposal
