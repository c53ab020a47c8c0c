"""Reading the masked contact of an issue, and who looked at it."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.contact import check_may_read_reveals, check_may_see_masked
from services.issues.queries.issues import issue_seen_by
from services.issues.schemas.contacts import MaskedContactView, RevealView
from services.issues.storage.contacts import contact_of, reveal_of
from services.issues.storage.tables.contacts import issue_reveals
from shared.database.keyset import Keyset
from shared.http.paging import Page, PageAsked
from shared.principal import Principal
from shared.security.sealing import Seal

NEWEST_FIRST = Keyset((issue_reveals.c.id,), descending=True)


async def masked_contact(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, seal: Seal
) -> MaskedContactView:
    """The contact as those who may read the issue see it. Raises IssueNotFound and ContactNotFound."""
    check_may_see_masked(await issue_seen_by(connection, community, issue_id, by), by)
    return MaskedContactView.of(await contact_of(connection, community, issue_id, seal))


async def reveals_of(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal, page: PageAsked
) -> Page[RevealView]:
    """Every look, newest first."""
    check_may_read_reveals(await issue_seen_by(connection, community, issue_id, by), by)
    statement = select(issue_reveals).where(
        issue_reveals.c.community == community, issue_reveals.c.issue_id == issue_id
    )
    rows = (await connection.execute(NEWEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = NEWEST_FIRST.cut(rows, limit=page.limit)
    items = [RevealView.of(reveal_of(row._mapping)) for row in kept]
    return Page[RevealView].model_construct(items=items, next_cursor=cursor)
