"""Alternating rounds and the ratio of each pair: a noisy machine changes both sides, the ratio stays."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the report: something of ours beside its limit, with the floor and goal we hold ourselves to."""

    name: str
    limit_name: str
    ours: Sequence[float]
    limit: Sequence[float]
    floor: float
    goal: float
    lower_is_better: bool = False

    @property
    def each(self) -> list[float]:
        """The ratio of each round."""
        return [a / b for a, b in zip(self.ours, self.limit, strict=True) if b]

    @property
    def value(self) -> float:
        """Median of the rounds' ratios."""
        return median(self.each)

    @property
    def verdict(self) -> str:
        """`goal`, `floor` or `below`."""
        sign = -1 if self.lower_is_better else 1
        if sign * self.value >= sign * self.goal:
            return "goal"
        return "floor" if sign * self.value >= sign * self.floor else "below"


async def alternate(
    ours: Callable[[], Awaitable[float]], limit: Callable[[], Awaitable[float]], rounds: int
) -> tuple[list[float], list[float]]:
    """Measure the two in turn, swapping who goes first each round."""
    left: list[float] = []
    right: list[float] = []
    for number in range(rounds):
        for first in (True, False) if number % 2 == 0 else (False, True):
            if first:
                left.append(await ours())
            else:
                right.append(await limit())
    return left, right
