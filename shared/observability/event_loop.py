"""How late the event loop is: the first sign of a handler that blocks, or of a machine that is too small."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from prometheus_client import Gauge, Histogram

BEAT_SECONDS = 0.25
LAG = Histogram(
    "event_loop_lag_seconds",
    "How much later than asked a timer ran",
    ("service",),
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0),
)
LATEST = Gauge("event_loop_lag_latest_seconds", "The last measured lag", ("service",))


@asynccontextmanager
async def measured_event_loop(service: str, beat_seconds: float = BEAT_SECONDS) -> AsyncIterator[None]:
    """Measure the lag of the running loop as long as the block lasts."""
    task = asyncio.create_task(_measure(service, beat_seconds), name="event-loop-lag")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _measure(service: str, beat_seconds: float) -> None:
    lag, latest = LAG.labels(service), LATEST.labels(service)
    while True:
        due = time.perf_counter() + beat_seconds
        await asyncio.sleep(beat_seconds)
        late = max(0.0, time.perf_counter() - due)
        lag.observe(late)
        latest.set(late)
