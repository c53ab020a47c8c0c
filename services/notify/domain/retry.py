"""When a refused delivery is tried again: the schedule of the Standard Webhooks specification, about three days in all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

STANDARD_SCHEDULE = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Wait before each try; the first entry is the first try. After the last try the subscription is disabled."""

LONGEST_RETRY_AFTER = timedelta(hours=24)
"""A receiver may ask for a pause with `Retry-After`, but not for more than this."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """Waits between tries, each made up to 20 % longer by chance so that receivers are not hit by everybody at once."""

    waits: tuple[timedelta, ...]
    chance: Callable[[], float]
    """A number from 0 to 1, new at each call."""

    def next_try(self, tries: int, at: datetime, retry_after: timedelta | None = None) -> datetime | None:
        """When to try again after `tries` tries, the last of them at `at`; None when the schedule is used up."""
        if tries >= len(self.waits):
            return None
        wait = self.waits[tries] * (1 + 0.2 * self.chance())
        if retry_after is not None:
            wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
        return at + wait
