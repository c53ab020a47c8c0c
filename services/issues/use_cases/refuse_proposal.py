"""Refuse what another person proposed: everything stays as it was."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueProposalRefused
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RefuseProposal:
    """Which issue, and why not."""

    issue_id: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def refuse_proposal(command: RefuseProposal, uow: IssuesUnitOfWork) -> Issue:
    """Refuse the pending proposal."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    proposal = issue.refuse(reason=command.reason, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueProposalRefused(**about(issue), kind=proposal.kind, proposed_by=proposal.by, refused_by=by.person)
    )
    return issue
