"""Note on a whistle what is being done."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain.whistle import Whistle
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NoteOnWhistle:
    """On which whistle, for which unit (the office: none for the whole), what."""

    whistle_id: UUID
    organisation: UUID | None
    text: str
    by: Principal
    expected_version: int | None = None


@one_transaction
async def note_on_whistle(command: NoteOnWhistle, uow: IssuesUnitOfWork) -> Whistle:
    """Add a note to the history. Nobody else is told: notes are free text and stay here."""
    by = command.by
    whistle = await uow.whistles.get(command.whistle_id, seen_by=by, expected_version=command.expected_version)
    whistle.note(command.organisation, command.text, by=by, at=uow.now())
    await uow.whistles.save(whistle)
    return whistle
