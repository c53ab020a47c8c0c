"""Things that happen by time: `uow.timers.set(...)` in a use case, `@timers.rings("kind")` in a service's `timers.py`."""

from shared.timers.port import TimerStore
from shared.timers.registry import Ring, Timers

__all__ = ["Ring", "TimerStore", "Timers"]
