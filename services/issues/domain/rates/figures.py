"""Figures: a rate with everything that must stand beside it. Never a rate without n."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from services.issues.domain.rates.measures import Measure
from services.issues.domain.rates.metrics import SMALL_SAMPLE, SMALLEST_SHOWN, Metric

Counts = Mapping[str, int]
"""Measure -> sum over a period."""


class Fraction(Protocol):
    """What an imported figure of an earlier time says."""

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
class Figure:
    """One rate of one period. `value` is None when there was nothing to divide by, or when it is not shown."""

    numerator: int | None
    denominator: int | None
    asked: int | None
    answered: int | None
    excluded: tuple[tuple[Measure, int], ...]
    suppressed: bool = False
    source: str | None = None
    """Where it was imported from; None for what this platform counted."""

    @property
    def n(self) -> int | None:
        """How many cases the rate rests on."""
        return self.denominator

    @property
    def value(self) -> float | None:
        """The rate, from 0 to 1."""
        if not self.denominator or self.numerator is None:
            return None
        return self.numerator / self.denominator

    @property
    def small_sample(self) -> bool:
        """Whether it rests on too few cases to mean much."""
        return self.denominator is not None and self.denominator < SMALL_SAMPLE


def figure_of(metric: Metric, counts: Counts, *, person_near: bool = False) -> Figure:
    """The figure of a rate; `person_near` hides what rests on so few cases that it could point to somebody."""
    denominator = counts.get(metric.denominator, 0)
    if person_near and 0 < denominator < SMALLEST_SHOWN:
        return Figure(None, None, None, None, (), suppressed=True)
    return Figure(
        counts.get(metric.numerator, 0),
        denominator,
        counts.get(metric.asked, 0) if metric.asked else None,
        counts.get(metric.answered, 0) if metric.answered else None,
        tuple((measure, counts.get(measure, 0)) for measure in metric.excluded),
    )


def imported_figure(fraction: Fraction) -> Figure:
    """A figure that another source gave, marked as such."""
    return Figure(fraction.numerator, fraction.denominator, None, None, (), source=fraction.source)
