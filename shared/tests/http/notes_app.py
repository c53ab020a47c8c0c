"""The made-up service that keeps notes, over HTTP: one route of each kind that real services have."""

import asyncio
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, FastAPI, Query, Response
from pydantic import BaseModel, Field

from shared.database.engine import Database
from shared.database.keyset import Keyset
from shared.database.unit_of_work import UnitOfWorkFactory
from shared.errors import TooMany
from shared.http.app import create_app
from shared.http.bodies import Day, LineText, LongText, Moment, ShortText, StrictBody, WholeNumber
from shared.http.commands import Reading, answered, shown, unit_of_work
from shared.http.health import Check
from shared.http.paging import Page, PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.http.versions import IfMatch
from shared.principal import Principal, Role
from shared.security.authorisation import EVERY_ROLE, allow, public, signed_in
from shared.testing.principals import authenticate
from shared.tests.notes import (
    Note,
    NoteIsFull,
    NoteIsThere,
    NoteNotFound,
    NotesUnitOfWork,
    StarNote,
    WriteNote,
    notes,
    star_note,
    write_note,
)

SERVICE = "issues"
PREFIX = "/api/v1/communities/{community}"


class Action(StrEnum):
    WRITE_NOTE = "write-note"
    STAR_NOTE = "star-note"
    READ_NOTES = "read-notes"


PERMISSIONS = {
    Action.WRITE_NOTE: frozenset({Role.SECRETARY, Role.RESIDENT}),
    Action.STAR_NOTE: frozenset({Role.SECRETARY}),
    Action.READ_NOTES: EVERY_ROLE,
}


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Circle(StrictBody):
    kind: Literal["circle"]
    radius: Annotated[int, Field(ge=1, le=1000)]


class Square(StrictBody):
    kind: Literal["square"]
    side: Annotated[int, Field(ge=1, le=1000)]


class Step(StrictBody):
    title: ShortText
    due: Day | None = None


class NoteBody(StrictBody):
    """What a note is made of."""

    text: LongText
    title: LineText | None = None
    count: WholeNumber = 1
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    colour: Colour = Colour.RED
    urgent: bool = False
    author: UUID | None = None
    at: Moment | None = None
    unbounded: str = ""
    steps: Annotated[tuple[Step, ...], Field(max_length=5)] = ()
    shape: Annotated[Circle | Square, Field(discriminator="kind")] | None = None


class NoteView(BaseModel):
    """A note as people see it."""

    id: UUID
    text: str
    stars: int
    version: int

    @classmethod
    def of(cls, note: Note) -> "NoteView":
        return cls(id=note.id, text=note.text, stars=note.stars, version=note.version)


Uow = Annotated[NotesUnitOfWork, Depends(unit_of_work)]
router = Router(prefix=PREFIX, tags=["notes"])
LISTED = Keyset((notes.c.id,))


@router.post("/notes", response_model=NoteView, status_code=201, responses=problems(NoteIsThere))
async def write(body: NoteBody, who: Annotated[Principal, allow(Action.WRITE_NOTE)], uow: Uow) -> Response:
    """写一条便笺。Write a note."""
    return await answered(
        write_note(WriteNote(body.text), uow),
        uow,
        view=NoteView.of,
        status=201,
        location=lambda note: f"/api/v1/communities/{uow.community}/notes/{note.id}",
    )


@router.post("/notes/{note_id}/star", response_model=NoteView, responses=problems(NoteNotFound, NoteIsFull))
async def star(
    note_id: UUID, who: Annotated[Principal, allow(Action.STAR_NOTE)], uow: Uow, if_match: IfMatch
) -> Response:
    """加一颗星。Give a note a star."""
    return await answered(star_note(StarNote(note_id, if_match), uow), uow, view=NoteView.of)


@router.get("/notes", response_model=Page[NoteView])
async def list_notes(
    page: PageQuery,
    who: Annotated[Principal, allow(Action.READ_NOTES)],
    reading: Reading,
    colour: Annotated[Colour | None, Query()] = None,
) -> Response:
    """便笺列表。All notes."""
    async with reading as connection:
        rows = (await connection.execute(LISTED.page(sa.select(notes), limit=page.limit, cursor=page.cursor))).all()
    kept, next_cursor = LISTED.cut(rows, limit=page.limit)
    items = [NoteView(id=row.id, text=row.text, stars=row.stars, version=row.version) for row in kept]
    return shown(Page[NoteView](items=items, next_cursor=next_cursor))


@router.get("/notes/mine", response_model=NoteView)
async def mine(who: Annotated[Principal, signed_in()]) -> NoteView:
    """我的便笺。A view that is returned as it is."""
    return NoteView(id=who.person, text="mine", stars=0, version=7)


@router.get("/notes/{note_id}", response_model=NoteView, responses=problems(NoteNotFound))
async def read(note_id: UUID, who: Annotated[Principal, allow(Action.READ_NOTES)], reading: Reading) -> Response:
    """一条便笺。One note."""
    async with reading as connection:
        row = (await connection.execute(sa.select(notes).where(notes.c.id == note_id))).first()
    if row is None:
        raise NoteNotFound
    return shown(NoteView(id=row.id, text=row.text, stars=row.stars, version=row.version))


@router.post("/notes/{note_id}/slowly", response_model=NoteView)
async def star_slowly(note_id: UUID, who: Annotated[Principal, allow(Action.STAR_NOTE)], uow: Uow) -> Response:
    """慢慢加星。Give a star after a pause, for tests of stopping."""
    await asyncio.sleep(1)
    return await answered(star_note(StarNote(note_id), uow), uow, view=NoteView.of)


open_router = Router(tags=["open"])


@open_router.get("/api/v1/greeting", response_model=dict[str, str], dependencies=[public()])
async def greet() -> dict[str, str]:
    """问候。Says hello to anybody."""
    return {"hello": "您好"}


@open_router.get("/api/v1/broken", response_model=dict[str, str], dependencies=[public()])
async def broken() -> dict[str, str]:
    """坏了。A mistake of ours."""
    secret = "13812345678"
    raise ZeroDivisionError(secret)


@open_router.get("/api/v1/busy", response_model=dict[str, str], dependencies=[public()])
async def busy() -> dict[str, str]:
    """忙。Says to come back later."""
    raise TooMany(retry_after_seconds=30)


@open_router.post("/api/v1/echo", response_model=NoteBody, dependencies=[public()])
async def echo(body: NoteBody) -> NoteBody:
    """回声。Answers with what it understood."""
    return body


def build(database: Database, **options: dict[str, Check]) -> FastAPI:
    """The app on a database."""
    return create_app(
        service=SERVICE,
        routers=[router, open_router],
        permissions=PERMISSIONS,
        authenticate=authenticate(SERVICE),
        database=database,
        unit_of_work=UnitOfWorkFactory(NotesUnitOfWork, database),
        **options,  # type: ignore[arg-type]
    )
