"""Reports: rates with the year before, sums of outcomes, levels, hot spots and changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.rates.baselines import covering
from services.issues.domain.rates.figures import Figure, figure_of, imported_figure
from services.issues.domain.rates.metrics import MEASURES_OF_RATES, METRICS, Metric
from services.issues.domain.rates.periods import ONE_DAY, Period, local_day
from services.issues.domain.words.reports import By
from services.issues.ports.reports import Baseline
from services.issues.queries.report_counts import Shelf, counts_by, keys_of
from services.issues.storage.tables.reports import report_baselines
from shared.http.paging import PageAsked

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate now and a year before."""

    metric: Metric
    now: Figure
    before: Figure


@dataclass(frozen=True, slots=True)
class RatesRow:
    """All rates of one key of a breakdown."""

    key: str
    rates: tuple[Rate, ...]


async def rates_by(
    connection: AsyncConnection,
    shelf: Shelf,
    by: By,
    period: Period,
    *,
    today: datetime,
    page: PageAsked,
    person_near: bool,
) -> tuple[list[RatesRow], str | None]:
    """All rates by a breakdown, a page of keys at a time."""
    keys, cursor = [""], None
    if by is not By.NONE:
        keys, cursor = await keys_of(connection, shelf, by, period, measures=MEASURES_OF_RATES, page=page)
    counts = await _counts_until_now(connection, shelf, by, period, today=today, keys=keys)
    year_before = period.a_year_before()
    before = await counts_by(connection, shelf, by, year_before, MEASURES_OF_RATES, keys=keys)
    baselines = await baselines_in(connection, shelf.community, year_before) if by is By.NONE else ()
    rows = []
    for key in keys:
        now = counts.get(key, {})
        rates = tuple(
            Rate(
                metric,
                figure_of(metric, now, person_near=person_near),
                _before(metric, before.get(key, {}), baselines, year_before, person_near=person_near),
            )
            for metric in METRICS
        )
        rows.append(RatesRow(key, rates))
    return rows, cursor


_ENDED = frozenset(measure for metric in METRICS if metric.ended_only for measure in metric.measures)


async def _counts_until_now(
    connection: AsyncConnection, shelf: Shelf, by: By, period: Period, *, today: datetime, keys: Sequence[str]
) -> Counts:
    """The counts of a period; what falls due is counted to yesterday only."""
    yesterday = local_day(today) - ONE_DAY
    if period.last <= yesterday:
        return await counts_by(connection, shelf, by, period, MEASURES_OF_RATES, keys=keys)
    counts = await counts_by(connection, shelf, by, period, MEASURES_OF_RATES - _ENDED, keys=keys)
    ended = await counts_by(connection, shelf, by, period.until(yesterday), _ENDED, keys=keys)
    return {key: {**counts.get(key, {}), **ended.get(key, {})} for key in keys}


def _before(
    metric: Metric, counts: Mapping[str, int], baselines: Iterable[Baseline], period: Period, *, person_near: bool
) -> Figure:
    """What was counted a year before; where nothing was, the imported figure, marked as such."""
    figure = figure_of(metric, counts, person_near=person_near)
    if figure.denominator:
        return figure
    imported = covering(baselines, metric.code, period)
    return imported_figure(imported) if imported is not None else figure


async def baselines_in(connection: AsyncConnection, community: str, period: Period) -> Sequence[Baseline]:
    """Imported figures that lie within a period."""
    known = report_baselines.c
    found = await connection.execute(
        select(known.metric, known.first_day, known.last_day, known.numerator, known.denominator, known.source)
        .where(known.community == community, known.first_day >= period.first, known.last_day <= period.last)
        .order_by(known.metric, known.first_day)
    )
    return [Baseline(*row) for row in found]
