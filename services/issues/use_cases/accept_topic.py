"""Accept a proposed topic: it becomes an issue of source `meeting`, on the agenda of this meeting."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.filing import Told
from services.issues.domain.meetings.proposals import TopicProposal
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind, Source
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.put_issue_on_record import ReportIssue
from services.issues.use_cases.put_on_the_table import put_on_the_table
from shared.contracts.issues import TopicDecided
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class AcceptTopic:
    """Which proposal, and as what kind of matter; `category` is needed unless the author named one."""

    meeting_id: UUID
    proposal_id: UUID
    kind: IssueKind
    category: str | None
    place: Place | None
    by: Principal
    expected_version: int | None = None


@one_transaction
async def accept_topic(command: AcceptTopic, uow: IssuesUnitOfWork) -> TopicProposal:
    """Put it on the agenda in the name of its author."""
    by = command.by
    meeting = await uow.meetings.get(command.meeting_id, seen_by=by)
    proposal = await uow.proposals.get(meeting.id, command.proposal_id, expected_version=command.expected_version)
    report = ReportIssue(
        category=command.category or proposal.category or "other",
        place=command.place or Place(None, meeting.place),
        text=proposal.text,
        title=proposal.title,
        kind=command.kind,
        told=Told(source=Source.MEETING, origin_id=meeting.id, concerned=proposal.proposed_by),
        by=by,
    )
    issue = await put_on_the_table(report, meeting, uow)
    proposal.accept(issue.id, by=by.person, at=uow.now())
    await uow.proposals.save(proposal)
    await uow.publish(
        TopicDecided(
            meeting_id=meeting.id,
            proposal_id=proposal.id,
            kind=meeting.kind,
            accepted=True,
            proposed_by=proposal.proposed_by,
            decided_by=by.person,
        )
    )
    return proposal
