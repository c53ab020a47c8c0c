"""Prometheus metrics of a process. Requests by route template; gauges that ask when they are scraped.

Modules define their own metrics with `prometheus_client` as usual (names end in their unit, label `service`); `when_scraped` registers
a function that is asked at every scrape.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool

from shared.database.engine import Database
from shared.observability.logging import get_logger

_log = get_logger("metrics")
REQUESTS = Counter("http_requests_total", "Answered requests", ("service", "method", "route", "status"))
DURATION = Histogram(
    "http_request_duration_seconds",
    "Time from the first byte of the request to the last byte of the answer",
    ("service", "method", "route"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
IN_PROGRESS = Gauge("http_requests_in_progress", "Requests that are being answered", ("service",))
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

Reading = tuple[Mapping[str, str], float]
"""Labels and value."""


@lru_cache(maxsize=4_096)
def _children(service: str, method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(service, method, route, str(status)), DURATION.labels(service, method, route)


def observe_request(service: str, method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is a template."""
    requests, duration = _children(service, method if method in METHODS else "OTHER", route, status)
    requests.inc()
    duration.observe(seconds)


class _AskedWhenScraped(Collector):
    def __init__(self) -> None:
        self.gauges: dict[str, tuple[str, tuple[str, ...], dict[str, Callable[[], Iterable[Reading]]]]] = {}

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (explanation, labels, sources) in self.gauges.items():
            family = GaugeMetricFamily(name, explanation, labels=labels)
            for source, ask in sources.items():
                try:
                    for values, reading in ask():
                        family.add_metric([values[label] for label in labels], reading)
                except Exception:
                    _log.exception("metrics.gauge_failed", reason=f"{name} of {source}")
            yield family


_asked = _AskedWhenScraped()
REGISTRY.register(_asked)


def when_scraped(
    name: str, explanation: str, labels: tuple[str, ...], source: str, ask: Callable[[], Iterable[Reading]]
) -> None:
    """Register a gauge that is asked at every scrape. `source` (the service) replaces what the same source registered before."""
    _, _, sources = _asked.gauges.setdefault(name, (explanation, labels, {}))
    sources[source] = ask


def watch_pool(service: str, database: Database) -> None:
    """Export how many connections of a service are in use, idle and at most allowed."""

    def ask() -> Iterable[Reading]:
        pool = database.engine.pool
        if not isinstance(pool, QueuePool):
            return
        limit = database.pool_settings.size + database.pool_settings.overflow
        yield {"service": service, "state": "in_use"}, pool.checkedout()
        yield {"service": service, "state": "idle"}, pool.checkedin()
        yield {"service": service, "state": "limit"}, limit

    when_scraped("db_pool_connections", "Connections to PostgreSQL by state", ("service", "state"), service, ask)


def rendered_metrics() -> tuple[bytes, str]:
    """All metrics of this process and their media type."""
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
