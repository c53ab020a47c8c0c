"""Puts a matter on record inside a transaction that does more than that: a patrol's finding, a topic of a meeting, a submitted draft."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from services.issues.domain.contact import Contact
from services.issues.domain.errors.master_data import UnknownParticipant, UnknownPerson
from services.issues.domain.filing import PLAINLY, Told, arrival
from services.issues.domain.issue import Issue
from services.issues.domain.place import Place
from services.issues.domain.words.issues import IssueKind, Source, Tier
from services.issues.domain.words.publicity import Consent
from services.issues.facts import registered
from services.issues.locating import located
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal


@dataclass(frozen=True, slots=True)
class ReportIssue:
    """A matter with category, place and text; `told` says for whom, from where and under which circumstances."""

    category: str
    place: Place
    text: str
    by: Principal
    title: str | None = None
    kind: IssueKind | None = None
    severity: Tier | None = None
    confidential: bool = False
    consent: Consent = Consent.PRIVATE
    told: Told = PLAINLY
    contact: Contact | None = None
    issue_id: UUID | None = None


async def put_issue_on_record(
    command: ReportIssue, uow: IssuesUnitOfWork, *, then: Callable[[Issue], None] | None = None
) -> Issue:
    """Check category, place and people, keep the issue, and tell of it. `then`: further steps that it takes at birth."""
    told = replace(command.told, has_contact=command.contact is not None)
    category = await uow.directory.category(command.category)
    place = await located(command.place, uow.directory)
    if told.concerned is not None:
        await _check_person(told.concerned, uow)
    if told.source is Source.MEETING and told.origin_id is not None:
        await uow.meetings.get(told.origin_id, seen_by=command.by)
    issue = Issue.report(
        issue_id=command.issue_id or new_id(),
        number=uow.issues.next_number(),
        category=category,
        place=place,
        text=command.text,
        title=command.title,
        kind=IssueKind.HARDSHIP if command.confidential else command.kind,
        severity=command.severity,
        consent=command.consent,
        arrival=arrival(command.by, told, uow.now()),
        by=command.by,
        at=uow.now(),
    )
    if then is not None:
        then(issue)
    if command.contact is not None:
        await uow.contacts.add(issue.id, command.contact, by=command.by.person, at=uow.now())
    await uow.issues.add(issue)
    await uow.publish(registered(issue))
    return issue


async def _check_person(person_id: UUID, uow: IssuesUnitOfWork) -> None:
    try:
        await uow.directory.check_members([person_id])
    except UnknownParticipant:
        raise UnknownPerson(fields={"proxy.person_id": ("不是本社区成员", "not a member of this community")}) from None
