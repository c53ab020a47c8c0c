"""Name a co-handler (协办单位): an organisation that does a part beside the responsible one."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.issue import Issue
from services.issues.facts import lead_of
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from services.issues.ports.work import SharedWork
from shared.contracts.issues import CoHandlerNamed
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NameCoHandler:
    """Which issue, which organisation, and what it shall do."""

    issue_id: UUID
    organisation: UUID
    part: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def name_co_handler(command: NameCoHandler, uow: IssuesUnitOfWork) -> tuple[Issue, SharedWork]:
    """Let the organisation read the issue and do its part; named again, it does another part."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    await uow.directory.check_organisation(command.organisation, field="organisation")
    named = co_handling.name_co_handler(issue, command.organisation, command.part, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.work.keep_co_handler(issue.id, named)
    await uow.publish(
        CoHandlerNamed(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            organisation=named.organisation,
            named_by=by.person,
            responsible_organisation=lead_of(issue),
        )
    )
    return issue, await uow.work.of(issue.id)
