"""Prometheus metrics of timers. Kinds are few and never personal."""

from prometheus_client import Counter, Gauge

OLDEST = Gauge("timers_oldest_due_seconds", "How long the timer that waits longest has been due", ["service"])
FAILING = Gauge("timers_failing", "Timers whose last try failed and that are tried again", ["service"])
RUNG = Counter("timers_rung", "Timers whose effect was committed", ["service", "kind"])
VOID = Counter("timers_void", "Timers that had rung elsewhere, were cancelled or moved meanwhile", ["service", "kind"])
FAILED = Counter("timers_failed", "Tries that failed", ["service", "kind", "reason"])
