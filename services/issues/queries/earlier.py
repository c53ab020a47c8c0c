"""Reading what happened before at the same place: the earlier issues of one that is repeated."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.queries.issues import SHOWN, issue_seen_by, seen_by, summary_of
from services.issues.schemas.issue_views import IssueSummary
from services.issues.storage.issues import MOST_EARLIER, before_at_the_same_place
from services.issues.storage.tables.issues import issues
from shared.principal import Principal


async def earlier_seen_by(
    connection: AsyncConnection, community: str, issue_id: UUID, by: Principal
) -> list[IssueSummary]:
    """Issues of the same category in the same building within 90 days before, newest first, as far as this person may see them.
    Raises IssueNotFound."""
    issue = await issue_seen_by(connection, community, issue_id, by)
    if issue.place.building_id is None:
        return []
    conditions = before_at_the_same_place(community, issue)
    visible = seen_by(by)
    if visible is not None:
        conditions.append(visible)
    statement = select(*SHOWN).where(*conditions).order_by(issues.c.registered_at.desc()).limit(MOST_EARLIER)
    return [summary_of(row) for row in (await connection.execute(statement)).mappings()]
