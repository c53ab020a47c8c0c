"""Record a contact with the reporter: somebody spoke with them (practice 18: 有诉必应). The first one stops T2."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.words.issues import ContactWay
from services.issues.facts import about
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import IssueContacted
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ContactReporter:
    """Which issue, and how the reporter was reached."""

    issue_id: UUID
    way: ContactWay
    by: Principal
    note: str | None = None
    expected_version: int | None = None


@one_transaction
async def contact_reporter(command: ContactReporter, uow: IssuesUnitOfWork) -> Issue:
    """Note that staff spoke with the reporter."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by, expected_version=command.expected_version)
    first = issue.contacted_at is None
    issue.contact(way=command.way, note=command.note, by=by, at=uow.now())
    await uow.issues.save(issue)
    await uow.publish(IssueContacted(**about(issue), way=command.way, first=first, contacted_by=by.person))
    return issue
