"""Reading the photos of an issue, and the drafts of a person."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.draft import Draft
from services.issues.domain.errors.photos import DraftNotFound, PhotoNotFound
from services.issues.domain.photo import Photo
from services.issues.queries.issues import issue_seen_by
from services.issues.storage.drafts import draft_of
from services.issues.storage.photos import photos_of
from services.issues.storage.tables.photos import issue_drafts
from shared.database.keyset import Keyset
from shared.http.paging import PageAsked
from shared.principal import Principal
from shared.security.sealing import Seal

NEWEST_FIRST = Keyset((issue_drafts.c.id,), descending=True)


async def photos_seen_by(connection: AsyncConnection, community: str, issue_id: UUID, by: Principal) -> list[Photo]:
    """The photos of an issue that this person may read."""
    await issue_seen_by(connection, community, issue_id, by)
    return await photos_of(connection, community, issue_id)


async def photo_seen_by(
    connection: AsyncConnection, community: str, issue_id: UUID, photo_id: UUID, by: Principal
) -> tuple[Photo, str]:
    """One photo, and a name for its file: number of the issue and place of the photo."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    for photo in await photos_of(connection, community, issue_id):
        if photo.id == photo_id:
            return photo, f"{issue.number}-{photo.kind}-{photo.position}.jpg"
    raise PhotoNotFound


async def draft_of_person(
    connection: AsyncConnection, community: str, draft_id: UUID, by: Principal, seal: Seal
) -> tuple[Draft, list[Photo]]:
    """One draft with its photos."""
    found = await connection.execute(
        select(issue_drafts).where(
            issue_drafts.c.community == community,
            issue_drafts.c.id == draft_id,
            issue_drafts.c.person_id == by.person,
        )
    )
    row = found.mappings().first()
    if row is None:
        raise DraftNotFound
    return draft_of(row, community, seal), await photos_of(connection, community, draft_id)


async def drafts_of_person(
    connection: AsyncConnection, community: str, by: Principal, page: PageAsked, seal: Seal
) -> tuple[list[tuple[Draft, list[Photo]]], str | None]:
    """The drafts of a person, newest first, with their photos."""
    statement = select(issue_drafts).where(issue_drafts.c.community == community, issue_drafts.c.person_id == by.person)
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    drafts = [draft_of(row._mapping, community, seal) for row in kept]
    return [(draft, await photos_of(connection, community, draft.id)) for draft in drafts], cursor
