"""Report an issue: a resident calls, the matter is on record, the receipt with its number comes at once."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind
from services.issues.domain.words.publicity import Consent
from services.issues.facts import registered
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class ReportIssue:
    """A matter with category, place and text."""

    category: str
    building_id: UUID | None
    place_text: str | None
    text: str
    by: Principal
    title: str | None = None
    kind: IssueKind | None = None
    consent: Consent = Consent.PRIVATE


@one_transaction
async def report_issue(command: ReportIssue, uow: IssuesUnitOfWork) -> Issue:
    """Put a resident's matter on record."""
    category = await uow.directory.category(command.category)
    if command.building_id is not None:
        await uow.directory.check_building(command.building_id)
    issue = Issue.report(
        issue_id=new_id(),
        number=uow.issues.next_number(),
        category=category,
        place=Place(command.building_id, command.place_text),
        text=command.text,
        title=command.title,
        kind=command.kind,
        consent=command.consent,
        by=command.by,
        at=uow.now(),
    )
    await uow.issues.add(issue)
    await uow.publish(registered(issue))
    return issue
