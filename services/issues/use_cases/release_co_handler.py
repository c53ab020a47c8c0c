"""Release a co-handler: its part is over, or was given to the wrong one."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.issue import Issue
from services.issues.facts import lead_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from shared.contracts.issues import CoHandlerReleased
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReleaseCoHandler:
    """Which issue, which organisation, and why."""

    issue_id: UUID
    organisation: UUID
    reason: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def release_co_handler(command: ReleaseCoHandler, uow: IssuesUnitOfWork) -> tuple[Issue, SharedWork]:
    """Let the organisation have nothing to do with the issue any more."""
    by, organisation = command.by, command.organisation
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    has_open_tasks = (await uow.work.of(issue.id)).has_open_tasks(organisation)
    co_handling.release_co_handler(
        issue, organisation, command.reason, has_open_tasks=has_open_tasks, by=by, at=uow.now()
    )
    await uow.issues.save(issue)
    await uow.work.release_co_handler(issue.id, organisation)
    await uow.publish(
        CoHandlerReleased(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            organisation=organisation,
            released_by=by.person,
            responsible_organisation=lead_of(issue),
        )
    )
    return issue, await uow.work.of(issue.id)
