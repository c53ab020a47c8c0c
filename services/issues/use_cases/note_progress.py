"""Note progress: those who work on an issue write down how it goes; the reporter reads what is public."""

from dataclasses import dataclass
from uuid import UUID

from services.issues.domain import co_handling
from services.issues.domain.co_handling import ProgressNote
from services.issues.ports.unit_of_work import IssuesUnitOfWork
from shared.contracts.issues import ProgressNoted
from shared.principal import Principal
from shared.transaction import one_transaction


@dataclass(frozen=True, slots=True)
class NoteProgress:
    """Which issue, and how it goes."""

    issue_id: UUID
    text: str
    public: bool
    by: Principal


@one_transaction
async def note_progress(command: NoteProgress, uow: IssuesUnitOfWork) -> ProgressNote:
    """Keep the note. It makes no new version of the issue: nobody's work is outdated by it."""
    by = command.by
    issue = await uow.issues.get(command.issue_id, seen_by=by)
    note = co_handling.note_progress(issue, command.text, public=command.public, by=by, at=uow.now())
    await uow.work.add_note(note)
    await uow.publish(
        ProgressNoted(
            issue_id=issue.id,
            number=issue.number,
            category=issue.category,
            public=note.public,
            noted_by=by.person,
            organisation=note.organisation,
            reported_by=issue.reported_by if note.public else None,
        )
    )
    return note
