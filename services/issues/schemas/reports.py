"""What callers read of reports, and what they import."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from services.issues.domain.rates.figures import Figure
from services.issues.domain.rates.measures import words_of
from services.issues.domain.rates.metrics import Metric
from services.issues.domain.rates.periods import Period
from services.issues.domain.words.reports import By
from services.issues.domain.words.vocabulary import words
from services.issues.ports.reports import Baseline
from services.issues.queries.report_counts import Name, Shelf
from services.issues.queries.reports import Rate, RatesRow
from services.issues.schemas.issue_views import Label, View
from shared.http.bodies import Day, LineText, StrictBody

COUNT = Annotated[int, Field(ge=0, le=1_000_000_000)]
METRIC_CODES = Literal[
    "response",
    "solved",
    "satisfaction",
    "in_time",
    "first_time",
    "returned",
    "proactive",
    "on_the_spot",
    "repeated",
    "petitions",
    "hotline_complaints",
    "disputes",
    "registered",
]


class PeriodView(View):
    """起止日期（含首尾，北京时间）。First and last day, both included."""

    first_day: date
    last_day: date

    @classmethod
    def of(cls, period: Period) -> "PeriodView":
        """The period as callers see it."""
        return cls.model_construct(first_day=period.first, last_day=period.last)


class ExcludedView(View):
    """不计入的件数与原因。How many are left out, and why."""

    reason: Label
    count: int


class FigureView(View):
    """一个比率及其全部依据；没有 n 就没有比率。A rate with everything that must stand beside it."""

    value: float | None
    numerator: int | None
    denominator: int | None
    n: int | None
    asked: int | None
    answered: int | None
    unanswered: int | None
    excluded: list[ExcludedView]
    small_sample: bool
    remark: Label | None
    suppressed: bool
    imported: bool
    source: str | None
    period: PeriodView

    @classmethod
    def of(cls, figure: Figure, period: Period) -> "FigureView":
        """The figure as callers see it."""
        asked, answered = figure.asked, figure.answered
        return cls.model_construct(
            value=figure.value,
            numerator=figure.numerator,
            denominator=figure.denominator,
            n=figure.n,
            asked=asked,
            answered=answered,
            unanswered=asked - answered if asked is not None and answered is not None else None,
            excluded=[
                ExcludedView.model_construct(reason=Label.of(words_of(measure)), count=count)
                for measure, count in figure.excluded
            ],
            small_sample=figure.small_sample,
            remark=_remark(figure),
            suppressed=figure.suppressed,
            imported=figure.source is not None,
            source=figure.source,
            period=PeriodView.of(period),
        )


class RateView(View):
    """比率：名称、公式、本期与上年同期。A rate: name, formula, this period and the same a year before."""

    metric: str
    name: Label
    formula: Label
    now: FigureView
    before: FigureView

    @classmethod
    def of(cls, rate: Rate, period: Period) -> "RateView":
        """The rate as callers see it."""
        return cls.model_construct(
            metric=rate.metric.code,
            name=Label.of(rate.metric.name),
            formula=formula_of(rate.metric),
            now=FigureView.of(rate.now, period),
            before=FigureView.of(rate.before, period.a_year_before()),
        )


class ReportHead(View):
    """报表抬头：截至时刻、尚未计入的变动数。Every report says up to when it is complete."""

    as_of: datetime
    waiting: int
    period: PeriodView | None


class RatesRowView(View):
    """一个单位（小区、分类、责任单位……）的全部比率。All rates of one part of the breakdown."""

    key: str
    label: Label
    rates: list[RateView]

    @classmethod
    def of(cls, row: RatesRow, period: Period, label: Label) -> "RatesRowView":
        """The row as callers see it."""
        rates = [RateView.of(rate, period) for rate in row.rates]
        return cls.model_construct(key=row.key, label=label, rates=rates)


class RatesView(ReportHead):
    """比率报表。Rates by a breakdown."""

    by: By
    items: list[RatesRowView]
    next_cursor: str | None


class BaselineBody(StrictBody):
    """导入的基数：指标、起止日期、分子分母、来源。计数类指标只填分子。An imported figure; counts have a numerator only."""

    metric: METRIC_CODES
    first_day: Day = Field(examples=["2025-11-01"])
    last_day: Day = Field(examples=["2025-11-30"])
    numerator: COUNT
    denominator: COUNT | None = None
    source: LineText = Field(examples=["12345热线2025年11月通报"])


class BaselineView(View):
    """已导入的基数。An imported figure as it is kept."""

    metric: str
    first_day: date
    last_day: date
    numerator: int
    denominator: int
    source: str

    @classmethod
    def of(cls, baseline: Baseline) -> "BaselineView":
        """The figure as callers see it."""
        return cls.model_construct(
            metric=baseline.metric,
            first_day=baseline.first_day,
            last_day=baseline.last_day,
            numerator=baseline.numerator,
            denominator=baseline.denominator,
            source=baseline.source,
        )


def formula_of(metric: Metric) -> Label:
    """The formula of a rate, in words."""
    return Label.of(metric.formula)


def head_of(shelf: Shelf, period: Period | None) -> dict[str, Any]:
    """The fields of `ReportHead`."""
    return {"as_of": shelf.as_of, "waiting": shelf.waiting, "period": PeriodView.of(period) if period else None}


def label_of(by: By, key: str, names: object) -> Label:
    """How people call a key."""
    known = names.get(key) if isinstance(names, dict) else None
    if isinstance(known, Name):
        return Label.model_construct(zh=known.zh, en=known.en)
    if by is By.NONE:
        return Label.of(words(By.NONE))
    if key == "":
        return Label.model_construct(zh="未填写", en="none given")
    return Label.model_construct(zh=key, en=key)


def _remark(figure: Figure) -> Label | None:
    if figure.suppressed:
        return Label.model_construct(zh="不足5件，不予显示", en="fewer than 5 cases, not shown")
    if figure.denominator == 0:
        return Label.model_construct(zh="无样本", en="no cases")
    if figure.small_sample:
        return Label.model_construct(zh="样本不足", en="small sample")
    return None
