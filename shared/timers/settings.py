"""Numbers of timers in one place, with the reason for each. Tests shorten them; services use the defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimerSettings:
    """How timers are swept."""

    poll_seconds: float = 1.0
    """Timers ring at most that late on an idle service."""
    at_once: int = 3
    """Handlers of one replica that run at the same time: they share the pool with requests and consumers."""
    handler_seconds: float = 30.0
    """A handler that takes longer is cancelled and tried again."""
    lease_seconds: float = 60.0
    """A timer that a replica took is left alone by the others that long. Longer than a handler may run; a timer of a killed
    process rings after it. Doubles with each try, so that a timer that kills its process is not the only thing left to do."""
    retry_first: float = 2.0
    retry_longest: float = 3600.0
    """Timers are never given up: what failed is tried again, ever more slowly, and `timers_failing` shows it."""
    measure_seconds: float = 5.0
    drain_seconds: float = 10.0
    """At stop, running handlers get that long to finish."""

    def retry_delay(self, attempt: int) -> float:
        """Pause after the failed try number `attempt`."""
        return min(self.retry_longest, self.retry_first * 2.0 ** min(attempt - 1, 30))
