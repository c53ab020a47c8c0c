"""Lists of matters that somebody should look at: without any answer, deferred, repeated. The longest waiting first."""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.rates.measures import Measure
from services.issues.domain.rates.periods import ONE_DAY, Period, local_day, midnight
from services.issues.domain.words.reports import By, Watch
from services.issues.queries.report_counts import EVER, Shelf, counts_by
from services.issues.schemas.report_sums import WatchedList, WatchedView
from services.issues.schemas.reports import head_of
from services.issues.storage.tables.issues import issues
from services.issues.storage.tables.reports import report_watch
from shared.database.keyset import Keyset
from shared.http.paging import PageAsked

COUNTED_AS = {
    Watch.UNANSWERED: Measure.UNANSWERED,
    Watch.DEFERRED: Measure.DEFERRED,
    Watch.REPEATED: Measure.REPEATED,
}
_AS_IT_STANDS = frozenset(
    {
        "issue_id",
        "number",
        "title",
        "category",
        "state",
        "building_id",
        "responsible_organisation",
        "since",
        "due_at",
    }
)
LONGEST_FIRST = Keyset((report_watch.c.since, report_watch.c.issue_id))


async def watched_list(
    connection: AsyncConnection,
    shelf: Shelf,
    watch: Watch,
    page: PageAsked,
    *,
    now: datetime,
    period: Period | None = None,
) -> WatchedList:
    """A page of a list; with a period only what came onto it then."""
    listed = report_watch.c
    conditions = [
        listed.community == shelf.community,
        listed.generation == shelf.generation,
        listed.watch == watch.value,
    ]
    if period is not None:
        conditions += [listed.since >= midnight(period.first), listed.since < midnight(period.last + ONE_DAY)]
    statement = (
        select(
            listed.since,
            listed.issue_id,
            listed.due_at,
            issues.c.number,
            issues.c.title,
            issues.c.category,
            issues.c.state,
            issues.c.building_id,
            issues.c.responsible_organisation,
        )
        .join(issues, and_(issues.c.community == listed.community, issues.c.id == listed.issue_id))
        .where(*conditions)
    )
    rows = (await connection.execute(LONGEST_FIRST.page(statement, limit=page.limit, cursor=page.cursor))).all()
    kept, cursor = LONGEST_FIRST.cut(rows, limit=page.limit)
    link = f"/api/v1/communities/{shelf.community}/issues"
    items = [
        WatchedView.model_construct(
            **{name: value for name, value in row._mapping.items() if name in _AS_IT_STANDS},
            days=(local_day(now) - local_day(row.since)).days,
            overdue=row.due_at is not None and row.due_at < now,
            link=f"{link}/{row.issue_id}",
        )
        for row in kept
    ]
    counts = await counts_by(connection, shelf, By.NONE, period or EVER, [COUNTED_AS[watch]])
    return WatchedList.model_construct(
        **head_of(shelf, period),
        n=counts.get("", {}).get(COUNTED_AS[watch], 0),
        items=items,
        next_cursor=cursor,
    )
