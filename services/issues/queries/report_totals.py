"""How many matters there were and how many were closed as solved, by any breakdown: what a unit has done, counted (practice 42)."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.rates.measures import Measure, words_of
from services.issues.domain.rates.metrics import SMALLEST_SHOWN
from services.issues.domain.rates.periods import Period
from services.issues.domain.words.reports import By
from services.issues.queries.report_counts import Shelf, counts_by, keys_of, names_of
from services.issues.queries.report_sums import QUANTITIES
from services.issues.schemas.issue_views import Label
from services.issues.schemas.report_sums import TotalsRowView, TotalsView, TotalView
from services.issues.schemas.reports import head_of, label_of
from shared.http.paging import PageAsked

TOTALS = tuple(
    str(one) for one in (Measure.REGISTERED, Measure.OPEN, Measure.CLOSED, Measure.CLOSED_SOLVED, Measure.DISMISSED)
)


async def totals_by(
    connection: AsyncConnection, shelf: Shelf, by: By, period: Period, *, page: PageAsked, person_near: bool
) -> TotalsView:
    """Totals with the year before, a page of keys at a time; outcome sums where there are any."""
    wanted = (*TOTALS, *QUANTITIES)
    keys, cursor = [""], None
    if by is not By.NONE:
        keys, cursor = await keys_of(connection, shelf, by, period, measures=wanted, page=page)
    now = await counts_by(connection, shelf, by, period, wanted, keys=keys)
    before = await counts_by(connection, shelf, by, period.a_year_before(), wanted, keys=keys)
    names = await names_of(connection, shelf.community, by, keys)
    items = [
        TotalsRowView.model_construct(
            key=key,
            label=label_of(by, key, names),
            totals=list(_totals(now.get(key, {}), before.get(key, {}), person_near=person_near)),
        )
        for key in keys
    ]
    return TotalsView.model_construct(**head_of(shelf, period), by=by, items=items, next_cursor=cursor)


def _totals(now: Mapping[str, int], before: Mapping[str, int], *, person_near: bool) -> list[TotalView]:
    shown = [*TOTALS, *(one for one in QUANTITIES if now.get(one) or before.get(one))]
    # Whoever may not see the matters themselves learns no single one from what few add up to.
    few = person_near and any(0 < counts.get(Measure.REGISTERED, 0) < SMALLEST_SHOWN for counts in (now, before))
    return [
        TotalView.model_construct(
            code=measure,
            label=Label.of(words_of(measure)),
            amount=None if few else now.get(measure, 0),
            before=None if few else before.get(measure, 0),
            suppressed=few,
        )
        for measure in shown
    ]
