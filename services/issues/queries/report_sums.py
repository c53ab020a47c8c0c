"""Sums of a community: outcomes, levels, hot spots, changes to the year before."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.issues.domain.rates.baselines import covering
from services.issues.domain.rates.measures import KIND, LEVEL, OUTCOME, PENDING, QUANTITY, Measure, of_family, words_of
from services.issues.domain.rates.metrics import SMALL_SAMPLE
from services.issues.domain.rates.periods import Period
from services.issues.domain.words.issues import IssueKind, Level, Outcome, QuantityKind
from services.issues.domain.words.reports import By, OutsideCount
from services.issues.domain.words.vocabulary import words
from services.issues.ports.reports import Baseline
from services.issues.queries.report_counts import Shelf, counts_by, names_of, profile_at
from services.issues.queries.reports import baselines_in
from services.issues.schemas.issue_views import Label
from services.issues.schemas.report_sums import (
    ChangesView,
    ChangeView,
    DensityView,
    HotSpotsView,
    HotSpotView,
    SumsView,
    SumView,
)
from services.issues.schemas.reports import head_of, label_of

Sums = Mapping[str, int]

QUANTITIES = tuple(of_family(QUANTITY, kind) for kind in QuantityKind)
PENDING_QUANTITIES = tuple(of_family(PENDING, kind) for kind in QuantityKind)
OUTCOMES = tuple(of_family(OUTCOME, outcome) for outcome in Outcome)
LEVELS = tuple(of_family(LEVEL, level) for level in Level)


async def outcomes_in(connection: AsyncConnection, shelf: Shelf, period: Period) -> SumsView:
    """What closed matters added up to, and what is not confirmed yet."""
    wanted = (*QUANTITIES, *PENDING_QUANTITIES, Measure.CLOSED)
    now, before = await _sums(connection, shelf, period, wanted)
    return SumsView.model_construct(
        **head_of(shelf, period),
        n=now.get(Measure.CLOSED, 0),
        items=[_sum(measure, now, before) for measure in QUANTITIES],
        not_confirmed=[_sum(measure, now, before) for measure in PENDING_QUANTITIES if now.get(measure)],
    )


async def levels_in(connection: AsyncConnection, shelf: Shelf, period: Period) -> SumsView:
    """At which level matters that were closed as solved were solved."""
    now, before = await _sums(connection, shelf, period, (*LEVELS, Measure.CLOSED_WITH_LEVEL))
    n = now.get(Measure.CLOSED_WITH_LEVEL, 0)
    items = [_sum(measure, now, before, n=n) for measure in LEVELS]
    return SumsView.model_construct(**head_of(shelf, period), n=n, items=items, not_confirmed=[])


async def hot_spots_in(connection: AsyncConnection, shelf: Shelf, period: Period, limit: int) -> HotSpotsView:
    """The buildings with the most matters, and how dense they are in the whole community."""
    wanted = (Measure.REGISTERED, Measure.OPEN, Measure.REPEATED)
    counts = await counts_by(connection, shelf, By.BUILDING, period, wanted)
    n = sum(values.get(Measure.REGISTERED, 0) for values in counts.values())
    ranked = sorted(
        ((key, values) for key, values in counts.items() if key),
        key=lambda item: (-item[1].get(Measure.REGISTERED, 0), item[0]),
    )[:limit]
    names = await names_of(connection, shelf.community, By.BUILDING, [key for key, _ in ranked])
    return HotSpotsView.model_construct(
        **head_of(shelf, period),
        n=n,
        density=await _density(connection, shelf, period, n),
        items=[
            HotSpotView.model_construct(
                building_id=key,
                label=label_of(By.BUILDING, key, names),
                registered=values.get(Measure.REGISTERED, 0),
                still_open=values.get(Measure.OPEN, 0),
                repeated=values.get(Measure.REPEATED, 0),
                share=values.get(Measure.REGISTERED, 0) / n if n else None,
            )
            for key, values in ranked
        ],
    )


async def changes_in(connection: AsyncConnection, shelf: Shelf, period: Period) -> ChangesView:
    """Matters, disputes, petitions and complaints beside the year before."""
    counted = {
        OutsideCount.REGISTERED: str(Measure.REGISTERED),
        OutsideCount.DISPUTES: of_family(KIND, IssueKind.DISPUTE),
    }
    now, before = await _sums(connection, shelf, period, counted.values())
    year_before = period.a_year_before()
    of_now = await baselines_in(connection, shelf.community, period)
    of_before = await baselines_in(connection, shelf.community, year_before)
    items = []
    for code in OutsideCount:
        measure = counted.get(code)
        items.append(
            _change(
                code,
                _known(code, now.get(measure, 0) if measure else None, of_now, period),
                _known(code, before.get(measure) if measure else None, of_before, year_before),
            )
        )
    return ChangesView.model_construct(**head_of(shelf, period), items=items)


def _known(
    code: OutsideCount, counted: int | None, baselines: Sequence[Baseline], period: Period
) -> tuple[int | None, str | None]:
    """What was counted; where nothing was, what was imported, with its source."""
    if counted is not None:
        return counted, None
    imported = covering(baselines, code.value, period)
    return (imported.numerator, imported.source) if imported else (None, None)


def _change(
    code: OutsideCount, now: tuple[int | None, str | None], before: tuple[int | None, str | None]
) -> ChangeView:
    amount, former = now[0], before[0]
    return ChangeView.model_construct(
        code=code,
        label=Label.of(words(code)),
        now=amount,
        before=former,
        change=(amount - former) / former if amount is not None and former else None,
        small_sample=former is not None and former < SMALL_SAMPLE,
        now_source=now[1],
        before_source=before[1],
    )


async def _density(connection: AsyncConnection, shelf: Shelf, period: Period, n: int) -> DensityView:
    profile = await profile_at(connection, shelf.community, period.last)
    households, residents = (profile.households, profile.residents) if profile is not None else (None, None)
    return DensityView.model_construct(
        registered=n,
        households=households,
        residents=residents,
        profile_as_of=profile.as_of if profile is not None else None,
        per_1000_households=1000 * n / households if households else None,
        per_1000_residents=1000 * n / residents if residents else None,
    )


async def _sums(
    connection: AsyncConnection, shelf: Shelf, period: Period, measures: Iterable[str]
) -> tuple[Sums, Sums]:
    """Sums of the whole community, now and a year before."""
    wanted = [str(measure) for measure in measures]
    now = await counts_by(connection, shelf, By.NONE, period, wanted)
    before = await counts_by(connection, shelf, By.NONE, period.a_year_before(), wanted)
    return now.get("", {}), before.get("", {})


def _sum(measure: str, now: Sums, before: Sums, *, n: int | None = None) -> SumView:
    amount = now.get(measure, 0)
    return SumView.model_construct(
        code=measure.partition(".")[2],
        label=Label.of(words_of(measure)),
        amount=amount,
        before=before.get(measure, 0),
        share=amount / n if n else None,
        n=n,
    )
