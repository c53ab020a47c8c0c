"""Approve what another person proposed: a dismissal, a deferral or an extension takes effect."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.proposal import Proposal
from services.issues.domain.words.issues import ProposalKind
from services.issues.domain.words.timers import ANSWER_OVERDUE
from services.issues.facts import about, publish_to_followers
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueDeferred, IssueDismissed, IssueExtended
from shared.contracts.message import Message
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ApproveProposal:
    """Which issue; it has one pending proposal at most."""

    issue_id: UUID
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def approve_proposal(command: ApproveProposal, uow: IssuesUnitOfWork) -> Issue:
    """Let the pending proposal take effect."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    proposal = issue.approve(note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.timers.cancel(ANSWER_OVERDUE, issue.id)
    await uow.publish(_agreed(issue, proposal, by))
    if proposal.kind is not ProposalKind.EXTENSION:
        await publish_to_followers(issue, uow)
    return issue


def _agreed(issue: Issue, proposal: Proposal, by: Principal) -> Message:
    facts, until = {**about(issue), "approved_by": by.person}, proposal.until
    if proposal.reason_code is not None:
        return IssueDismissed(**facts, reason_code=proposal.reason_code, proposed_by=proposal.by)
    if until is None:
        raise TypeError(f"a {proposal.kind} without a date")
    if proposal.kind is ProposalKind.DEFERRAL:
        return IssueDeferred(**facts, review_at=until, historical=proposal.historical)
    return IssueExtended(**facts, until=until, due_at=issue.solve_by)
