"""How many requests an address or a person may make: token buckets in memory, refilled as time goes by."""

from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from shared.errors import TooMany

K = TypeVar("K")
MOST_KEYS = 50_000
"""Buckets kept; the one that was used longest ago goes first, and it is full again by then."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second on average, and so many at once after a rest. A rate of 0 means no limit."""

    per_second: float
    burst: float


class Buckets(Generic[K]):
    """A bucket for each key."""

    def __init__(self, rate: Rate, *, most: int = MOST_KEYS) -> None:
        self._rate = rate
        self._most = most
        self._buckets: OrderedDict[K, tuple[float, float]] = OrderedDict()

    def admit(self, key: K) -> None:
        """Take one from the bucket of the key. Raises TooMany when it is empty, saying when there will be one again."""
        rate = self._rate
        if rate.per_second <= 0:
            return
        now = monotonic()
        held = self._buckets.get(key)
        tokens = rate.burst if held is None else min(rate.burst, held[0] + (now - held[1]) * rate.per_second)
        if tokens < 1:
            self._buckets[key] = (tokens, now)
            raise TooMany(retry_after_seconds=max(1, round((1 - tokens) / rate.per_second + 0.5)))
        self._buckets[key] = (tokens - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
