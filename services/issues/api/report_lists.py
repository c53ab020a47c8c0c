"""Lists of reports: what nobody has answered (must be none), what is deferred and how long, what came again within 90 days."""

from typing import Annotated

from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community
from services.issues.api.reports import Asked, Now
from services.issues.domain.errors.reports import PeriodRefused
from services.issues.domain.words.reports import Watch
from services.issues.permissions import Action
from services.issues.queries.report_counts import shelf_of
from services.issues.queries.report_lists import watched_list
from services.issues.schemas.report_sums import WatchedList
from shared.http.commands import Reading, shown
from shared.http.paging import PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["reports"])
Reader = Annotated[Principal, allow(Action.READ_REPORT_LISTS)]


@router.get("/reports/unanswered", response_model=WatchedList)
async def unanswered(community: Community, _who: Reader, reading: Reading, clock: Now, page: PageQuery) -> Response:
    """有诉必应：仍无任何答复的诉求，应为 0。Open matters that nobody has answered; there should be none."""
    async with reading as connection:
        shelf = await shelf_of(connection, community, clock.now())
        return shown(await watched_list(connection, shelf, Watch.UNANSWERED, page, now=clock.now()))


@router.get("/reports/deferred", response_model=WatchedList)
async def deferred(community: Community, _who: Reader, reading: Reading, clock: Now, page: PageQuery) -> Response:
    """挂账清单：挂账天数与复核日期，久的在前。Deferred matters with their age and review date, the oldest first."""
    async with reading as connection:
        shelf = await shelf_of(connection, community, clock.now())
        return shown(await watched_list(connection, shelf, Watch.DEFERRED, page, now=clock.now()))


@router.get("/reports/repeats", response_model=WatchedList, responses=problems(PeriodRefused))
async def repeats(
    *, community: Community, _who: Reader, reading: Reading, clock: Now, period: Asked, page: PageQuery
) -> Response:
    """重复诉求：90天内同楼栋同分类再次提出的。Matters of the same building and category within 90 days."""
    async with reading as connection:
        shelf = await shelf_of(connection, community, clock.now())
        return shown(await watched_list(connection, shelf, Watch.REPEATED, page, now=clock.now(), period=period))
