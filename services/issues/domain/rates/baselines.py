"""Imported figures: which of them say something about a whole period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.issues.domain.rates.periods import ONE_DAY, Period


class Imported(Protocol):
    """A figure of another source for some days."""

    @property
    def metric(self) -> str:
        """Of what."""
        ...

    @property
    def first_day(self) -> date:
        """From this day."""
        ...

    @property
    def last_day(self) -> date:
        """To this day, included."""
        ...

    @property
    def numerator(self) -> int:
        """Above the line."""
        ...

    @property
    def denominator(self) -> int:
        """Below it."""
        ...

    @property
    def source(self) -> str:
        """Who says so."""
        ...


@dataclass(frozen=True, slots=True)
class Covering:
    """Imported figures that together cover a period without gap or overlap, added up."""

    numerator: int
    denominator: int
    source: str


def covering(baselines: Iterable[Imported], metric: str, period: Period) -> Covering | None:
    """The imported figures of a metric that cover exactly this period; None unless they do."""
    of_metric = sorted(
        (one for one in baselines if one.metric == metric), key=lambda one: (one.first_day, one.last_day)
    )
    whole = [one for one in of_metric if (one.first_day, one.last_day) == (period.first, period.last)]
    parts = whole[:1] or of_metric
    expected = period.first
    for one in parts:
        if one.first_day != expected:
            return None
        expected = one.last_day + ONE_DAY
    if not parts or expected != period.last + ONE_DAY:
        return None
    sources = "；".join(dict.fromkeys(one.source for one in parts))
    return Covering(sum(one.numerator for one in parts), sum(one.denominator for one in parts), sources)
