"""A made-up service that keeps notes: tables, unit of work and use cases for the tests of database and HTTP."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.issues import IssueAccepted
from shared.database.failures import violated_constraint
from shared.database.migrations import migrate
from shared.database.unit_of_work import UnitOfWork
from shared.database.versioned import save_versioned
from shared.errors import Conflict, NotFound
from shared.expected_version import check_version
from shared.ids import new_id
from shared.testing.databases import Database as ServerDatabase
from shared.testing.servers import in_own_loop
from shared.transaction import one_transaction

MIGRATIONS = Path(__file__).parent / "database" / "sample"
metadata = sa.MetaData()
notes = sa.Table(
    "notes",
    metadata,
    sa.Column("community", sa.Text),
    sa.Column("id", sa.Uuid),
    sa.Column("text", sa.Text),
    sa.Column("stars", sa.Integer),
    sa.Column("page_id", sa.Uuid),
    sa.Column("written_at", sa.DateTime(timezone=True)),
    sa.Column("version", sa.Integer),
)


def notes_service(database: ServerDatabase) -> None:
    """`database_of("issues", notes_service)` -> a database of this made-up service."""
    in_own_loop(migrate(database.owner_url, "issues", folder=MIGRATIONS))


class NoteNotFound(NotFound):
    slug = "note-not-found"


class NoteIsFull(Conflict):
    slug = "note-is-full"


@dataclass
class Note:
    id: UUID
    text: str
    stars: int
    version: int
    written_at: datetime


class NoteIsThere(Conflict):
    slug = "note-is-there"


class NotesUnitOfWork(UnitOfWork):
    async def add(self, text: str, note_id: UUID | None = None) -> Note:
        note = Note(note_id or new_id(), text, 0, 1, self.now())
        await self.execute(
            sa.insert(notes),
            {
                "community": self.community,
                "id": note.id,
                "text": text,
                "stars": 0,
                "written_at": note.written_at,
                "version": 1,
            },
        )
        return note

    async def get(self, note_id: UUID, *, expected_version: int | None = None) -> Note:
        row = (await self.execute(sa.select(notes).where(notes.c.id == note_id))).first()
        if row is None:
            raise NoteNotFound
        check_version(row.version, expected_version)
        return Note(row.id, row.text, row.stars, row.version, row.written_at)

    async def save(self, note: Note) -> None:
        note.version = await save_versioned(
            self,
            notes,
            note.id,
            version=note.version,
            values={"text": note.text, "stars": note.stars},
            missing=NoteNotFound,
        )


@dataclass(frozen=True)
class WriteNote:
    text: str
    times: int = 1


@one_transaction
async def write_note(command: WriteNote, uow: NotesUnitOfWork) -> Note:
    try:
        note = await uow.add(command.text)
    except sa.exc.IntegrityError as error:
        if violated_constraint(error) == "notes_text":
            raise NoteIsThere from error
        raise
    await uow.publish(accepted(note.id))
    return note


@dataclass(frozen=True)
class StarNote:
    note_id: UUID
    expected_version: int | None = None


@one_transaction
async def star_note(command: StarNote, uow: NotesUnitOfWork) -> Note:
    note = await uow.get(command.note_id, expected_version=command.expected_version)
    if note.stars >= 3:
        raise NoteIsFull("已有三颗星", "It has three stars")
    note.stars += 1
    await uow.save(note)
    return note


def accepted(issue_id: UUID) -> IssueAccepted:
    return IssueAccepted(issue_id=issue_id, number="FCC-1", category="lighting", tier="general", accepted_by=issue_id)
