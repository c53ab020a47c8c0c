"""Reports: rates by any breakdown, with the year before, the formula and n of every number."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from services.issues.api.parts import PREFIX, Community, Uow
from services.issues.domain.errors.reports import BaselineRefused, OnlyAggregates, PeriodRefused
from services.issues.domain.rates.periods import Period, local_day, this_month
from services.issues.domain.words.reports import By
from services.issues.permissions import REPORT_READERS, Action
from services.issues.ports.reports import Baseline
from services.issues.queries.report_counts import names_of, shelf_of
from services.issues.queries.report_sums import changes_in, hot_spots_in, levels_in, outcomes_in
from services.issues.queries.report_totals import totals_by
from services.issues.queries.reports import rates_by
from services.issues.schemas.report_sums import ChangesView, HotSpotsView, SumsView, TotalsView
from services.issues.schemas.reports import BaselineBody, BaselineView, RatesRowView, RatesView, head_of, label_of
from services.issues.use_cases.import_baseline import ImportBaseline, import_baseline
from shared.clock import Clock
from shared.database.keyset import CursorRefused
from shared.http.commands import Reading, answered, shown
from shared.http.paging import PageQuery
from shared.http.problems import problems
from shared.http.routing import Router
from shared.principal import Principal
from shared.security.authorisation import allow

router = Router(prefix=PREFIX, tags=["reports"])
LONGEST_DAYS = 3_700
PERSON_NEAR = frozenset({By.HANDLER, By.BUILDING})
"""Breakdowns that are nearly people: for the community's own office only."""


async def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.unit_of_work.clock
    return clock


async def _period(
    clock: Annotated[Clock, Depends(_clock)],
    first: Annotated[
        date | None, Query(alias="from", description="第一天，缺省本月1日。First day; the 1st of this month")
    ] = None,
    last: Annotated[
        date | None, Query(alias="to", description="最后一天（含），缺省今天。Last day, included; today")
    ] = None,
) -> Period:
    today = local_day(clock.now())
    period = Period(first or this_month(last or today).first, last or today)
    if period.is_empty:
        raise PeriodRefused(fields={"to": ("早于开始日期", "lies before the first day")})
    if not date(1950, 1, 1) <= period.first <= period.last <= date(2199, 12, 31):
        raise PeriodRefused(fields={"from": ("年份超出范围", "the year is out of range")})
    if (period.last - period.first).days > LONGEST_DAYS:
        raise PeriodRefused(fields={"from": ("最长十年", "ten years at most")})
    return period


def _checked_inside(who: Principal, by: By) -> bool:
    """Whether somebody belongs to the community's own office. Raises OnlyAggregates for others who ask for nearly a person."""
    inside = bool(who.roles & REPORT_READERS)
    if not inside and by in PERSON_NEAR:
        raise OnlyAggregates
    return inside


Now = Annotated[Clock, Depends(_clock)]
Asked = Annotated[Period, Depends(_period)]
Reader = Annotated[Principal, allow(Action.READ_REPORTS)]


@router.get(
    "/reports/rates", response_model=RatesView, responses=problems(PeriodRefused, OnlyAggregates, CursorRefused)
)
async def rates(
    *, community: Community, who: Reader, reading: Reading, clock: Now, period: Asked, page: PageQuery, by: By = By.NONE
) -> Response:
    """响应率、解决率、满意率、按时办结率等，可按小区、分类、责任单位、经办人等分列。All rates, by any breakdown; each with its n."""
    inside = _checked_inside(who, by)
    async with reading as connection:
        shelf = await shelf_of(connection, community, clock.now())
        rows, cursor = await rates_by(
            connection,
            shelf,
            by,
            period,
            today=clock.now(),
            page=page,
            person_near=not inside and by is not By.NONE,
        )
        names = await names_of(connection, community, by, [row.key for row in rows])
    items = [RatesRowView.of(row, period, label_of(by, row.key, names)) for row in rows]
    return shown(RatesView.model_construct(**head_of(shelf, period), by=by, items=items, next_cursor=cursor))


@router.get(
    "/reports/totals", response_model=TotalsView, responses=problems(PeriodRefused, OnlyAggregates, CursorRefused)
)
async def totals(
    *, community: Community, who: Reader, reading: Reading, clock: Now, period: Asked, page: PageQuery, by: By = By.NONE
) -> Response:
    """累计登记、办结、解决件数与成果，可按责任单位等分列。How many were registered, closed, solved, and what they added up to."""
    inside = _checked_inside(who, by)
    async with reading as connection:
        shelf = await shelf_of(connection, community, clock.now())
        person_near = not inside and by is not By.NONE
        return shown(await totals_by(connection, shelf, by, period, page=page, person_near=person_near))


@router.get("/reports/outcomes", response_model=SumsView, responses=problems(PeriodRefused))
async def outcomes(community: Community, _who: Reader, reading: Reading, clock: Now, period: Asked) -> Response:
    """办结成果合计：新增停车位、恢复绿地、化解纠纷……只计已核实的。What came of it, added up; only what was confirmed."""
    async with reading as connection:
        return shown(await outcomes_in(connection, await shelf_of(connection, community, clock.now()), period))


@router.get("/reports/levels", response_model=SumsView, responses=problems(PeriodRefused))
async def levels(community: Community, _who: Reader, reading: Reading, clock: Now, period: Asked) -> Response:
    """小事不出小区，大事不出社区：在哪一级解决。At which level matters were solved, with shares."""
    async with reading as connection:
        return shown(await levels_in(connection, await shelf_of(connection, community, clock.now()), period))


@router.get("/reports/hot-spots", response_model=HotSpotsView, responses=problems(PeriodRefused, OnlyAggregates))
async def hot_spots(
    *,
    community: Community,
    who: Reader,
    reading: Reading,
    clock: Now,
    period: Asked,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """热点楼栋与每千户诉求数。The buildings with the most matters, and how many there are per 1000 households."""
    if not who.roles & REPORT_READERS:
        raise OnlyAggregates
    async with reading as connection:
        return shown(await hot_spots_in(connection, await shelf_of(connection, community, clock.now()), period, limit))


@router.get("/reports/changes", response_model=ChangesView, responses=problems(PeriodRefused))
async def changes(community: Community, _who: Reader, reading: Reading, clock: Now, period: Asked) -> Response:
    """同比变化：诉求、纠纷、上访、热线投诉；外部数据注明来源。Changes to the year before; what is imported says from where."""
    async with reading as connection:
        return shown(await changes_in(connection, await shelf_of(connection, community, clock.now()), period))


@router.post("/reports/baselines", status_code=201, response_model=BaselineView, responses=problems(BaselineRefused))
async def import_one_baseline(
    body: BaselineBody, who: Annotated[Principal, allow(Action.IMPORT_BASELINES)], uow: Uow
) -> Response:
    """导入基数（上年同期或外部通报），报表中注明“导入”。Import a figure of before, or of another office; reports mark it."""
    baseline = Baseline(body.metric, body.first_day, body.last_day, body.numerator, body.denominator or 0, body.source)
    return await answered(import_baseline(ImportBaseline(baseline, who), uow), uow, view=BaselineView.of, status=201)
