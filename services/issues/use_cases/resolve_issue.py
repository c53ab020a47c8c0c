"""Resolve an issue: the work is done (or the matter is settled on the spot), and the reporter gets a public reply."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.resolution import Quantity
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind
from services.issues.domain.words.meetings import Decision
from services.issues.facts import publish_resolved
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.use_cases.settle_agenda_item import settle_agenda_item
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ResolveIssue:
    """Which issue, what came of it, and what the reporter reads."""

    issue_id: UUID
    outcome: Outcome
    public_reply: str
    level: Level
    by: Principal
    quantity: Quantity | None = None
    expected_version: int | None = None


@one_transaction
async def resolve_issue(command: ResolveIssue, uow: IssuesUnitOfWork) -> Issue:
    """Say what came of an issue; the reporter is asked to confirm."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    before = issue.state
    issue.resolve(
        outcome=command.outcome,
        public_reply=command.public_reply,
        level=command.level,
        quantity=command.quantity or await _settled_dispute(issue, command.outcome, uow),
        by=by,
        at=uow.now(),
    )
    await settle_agenda_item(issue, before, Decision.RESOLVED, by=by, uow=uow)
    await uow.issues.save(issue)
    await publish_resolved(issue, by, uow)
    return issue


async def _settled_dispute(issue: Issue, outcome: Outcome, uow: IssuesUnitOfWork) -> Quantity | None:
    """What a settled mediation adds up to, unless somebody says something else (practice 25: disputes settled)."""
    if issue.kind is IssueKind.DISPUTE and outcome is Outcome.SOLVED and await uow.mediations.settled_since(issue.id):
        return Quantity(QuantityKind.DISPUTE_SETTLED, 1)
    return None
