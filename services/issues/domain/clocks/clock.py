"""One clock of one issue: a result, never a state. All of it follows from the history, the rules and the calendar."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.issues.domain.clocks.rules import Span
from services.issues.domain.words.clocks import ClockCode, ClockResult, PauseReason
from services.issues.domain.words.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the clock stood still."""

    since: datetime
    until: datetime | None
    reason: PauseReason

    @property
    def length(self) -> timedelta:
        """How long; nothing while it lasts."""
        return self.until - self.since if self.until is not None else timedelta()


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with all that explains its end."""

    code: ClockCode
    round: int
    part: int
    """1, then 2 … where a clock runs several times in a round. T3: 2 is the extension, which stands beside the first."""
    started_at: datetime
    due_at: datetime
    """While it stands still: as if it went on from the beginning of the pause."""
    span: Span | None
    """None where the end is a date that somebody set."""
    rule_version: int
    calendar: tuple[tuple[int, int], ...]
    """Year and version of the calendars it reaches into."""
    provisional: bool
    """It reaches into a year whose arrangement was not announced when it was computed."""
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    stopped_by: str | None = None
    """The verb."""
    void: bool = False
    """Stopped because it was no longer needed."""
    lapsed: bool = False
    """Ended by itself: nobody who could have stopped it did (T9)."""
    days_off: tuple[tuple[date, Words], ...] = ()
    """Days that it skipped, each with the reason."""

    @property
    def running(self) -> bool:
        """Whether it was started and not stopped; it may stand still."""
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return self.running and bool(self.pauses) and self.pauses[-1].until is None

    @property
    def result(self) -> ClockResult | None:
        """How it ended; None while it runs."""
        if self.stopped_at is None:
            return None
        if self.lapsed:
            return ClockResult.LAPSED
        if self.stopped_at > self.due_at:
            return ClockResult.MISSED
        return ClockResult.VOID if self.void else ClockResult.MET

    @property
    def key(self) -> tuple[ClockCode, int, int]:
        """What tells it apart from the other clocks of its issue."""
        return self.code, self.round, self.part

    def as_of(self, at: datetime) -> "Clock":
        """The same clock at a moment. T9 is the reporter's own time: when it is over it ends, and nobody was late."""
        if self.code is ClockCode.RATE and self.running and self.due_at <= at:
            return replace(self, stopped_at=self.due_at, lapsed=True)
        return self

    def is_over(self, at: datetime) -> bool:
        """Whether it runs and its time is over."""
        return self.running and not self.paused and self.due_at <= at
