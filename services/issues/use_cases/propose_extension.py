"""Ask for more time (延期): once per round, before T3 ends. Another person decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueExtensionProposed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ProposeExtension:
    """Which issue, why, and until when."""

    issue_id: UUID
    reason: str
    until: datetime
    by: Principal
    expected_version: int | None = None


@one_transaction
async def propose_extension(command: ProposeExtension, uow: IssuesUnitOfWork) -> Issue:
    """Lay an extension before another person."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    issue.propose_extension(reason=command.reason, until=command.until, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(
        IssueExtensionProposed(**about(issue), proposed_by=by.person, until=command.until, due_at=issue.solve_by)
    )
    return issue
