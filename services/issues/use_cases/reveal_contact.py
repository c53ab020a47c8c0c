"""Look at the contact of an issue, or at who its anonymous reporter is: for a purpose, and written down in the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.contact import Contact, Reveal, check_may_reveal
from services.issues.domain.errors.contacts import ContactNotFound
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class RevealContact:
    """What of which issue, and why."""

    issue_id: UUID
    field: RevealField
    purpose: RevealPurpose
    by: Principal


@dataclass(frozen=True, slots=True)
class Revealed:
    """What was shown, and the entry that says so."""

    reveal: Reveal
    contact: Contact | None
    reporter: UUID | None


@one_transaction
async def reveal_contact(command: RevealContact, uow: IssuesUnitOfWork) -> Revealed:
    """Show it to somebody who may see it, and remember that."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by)
    check_may_reveal(issue, command.field, by)
    contact = await uow.contacts.get(issue.id) if command.field is RevealField.CONTACT else None
    reporter = issue.reported_by if command.field is RevealField.REPORTER else None
    if contact is None and reporter is None:
        raise ContactNotFound
    reveal = Reveal(new_id(), issue.id, command.field, command.purpose, by.person, uow.now())
    await uow.contacts.note_reveal(reveal)
    return Revealed(reveal, contact, reporter)
