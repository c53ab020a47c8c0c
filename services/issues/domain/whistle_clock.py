"""The arrival clock of a whistle (T6): when somebody of a called unit must be there."""

from datetime import datetime, timedelta
from typing import Protocol

from services.issues.domain.clocks.rules import Span
from services.issues.domain.words.clocks import Unit
from services.issues.domain.words.whistles import WhistleLevel

AT_ANY_HOUR = {WhistleLevel.RED: timedelta(minutes=30), WhistleLevel.YELLOW: timedelta(hours=2)}
"""Red and yellow run by day and night; blue lasts until the end of the next working day."""


SPANS = {
    WhistleLevel.RED: Span(Unit.MINUTES, 30),
    WhistleLevel.YELLOW: Span(Unit.HOURS, 2),
    WhistleLevel.BLUE: Span(Unit.WORKING_DAYS, 1),
}
"""The same in words, to explain the clock."""


class WorkingTime(Protocol):
    """What the clock must know of the working calendar."""

    def after_working_days(self, start: datetime, days: int) -> datetime:
        """The end of office hours of the n-th working day after the local day of `start`."""
        ...


def arrival_due(level: WhistleLevel, blown_at: datetime, working: WorkingTime) -> datetime:
    """The moment by which a unit must have reported in."""
    plain = AT_ANY_HOUR.get(level)
    return blown_at + plain if plain is not None else working.after_working_days(blown_at, 1)
