"""Note that somebody found issues by the whole number of their contacts: it confirms what the masked contact hides, so it is a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.contact import Reveal
from services.issues.domain.words.contacts import RevealField, RevealPurpose
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.ids import new_id
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NoteFoundByNumber:
    """Which issues a page of the search shows for their number."""

    issue_ids: Sequence[UUID]
    by: Principal


@one_transaction
async def note_found_by_number(command: NoteFoundByNumber, uow: IssuesUnitOfWork) -> None:
    """Write down one look for each of them."""
    for issue_id in command.issue_ids:
        look = Reveal(new_id(), issue_id, RevealField.CONTACT, RevealPurpose.FOUND, command.by.person, uow.now())
        await uow.contacts.note_reveal(look)
