"""A period of whole local days, for statistics."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.issues.domain.errors.moments import PeriodTooLong
from shared.clock import CHINA

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `first` to the end of `last`, local time."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no period, or more than a year."""
        if not self.first <= self.last <= self.first + LONGEST:
            raise PeriodTooLong(
                fields={
                    "until": (
                        "须不早于起始日，且不超过一年",
                        "must not lie before `since`, nor more than a year after it",
                    )
                }
            )

    @property
    def starts_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), CHINA)

    @property
    def ends_before(self) -> datetime:
        """The first moment that is no longer in it."""
        return datetime.combine(self.last + timedelta(days=1), time(), CHINA)
