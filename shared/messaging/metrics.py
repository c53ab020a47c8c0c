"""Prometheus metrics of messaging. Labels are services, consumers and message types: few, and never personal."""

from prometheus_client import Counter, Gauge, Histogram

OUTBOX_UNPUBLISHED = Gauge("outbox_unpublished", "Messages committed but not yet acknowledged by NATS", ["service"])
OUTBOX_OLDEST = Gauge(
    "outbox_oldest_pending_seconds", "Age of the oldest message that waits to be published", ["service"]
)
OUTBOX_PARKED = Gauge("outbox_parked", "Messages that could not be published and wait for a person", ["service"])
OUTBOX_PUBLISHED = Counter("outbox_published", "Messages acknowledged by NATS", ["service"])
OUTBOX_REPUBLISHED = Counter(
    "outbox_republished", "Messages published again because the stream had forgotten them", ["service", "stream"]
)
RELAY_LEADER = Gauge("relay_leader", "1 in the replica whose relay publishes", ["service"])

CONSUMER_LAG = Gauge("consumer_lag_seconds", "Age of the oldest message that is not processed yet", ["consumer"])
DELIVERIES = Counter("consumer_deliveries", "Messages received, every delivery counted", ["consumer"])
REDELIVERIES = Counter("consumer_redeliveries", "Messages received that had been delivered before", ["consumer"])
OUTCOMES = Counter(
    "consumer_outcomes",
    "What became of deliveries: applied, noted, duplicate, waiting, failed, dead",
    ["consumer", "outcome"],
)
DEAD_LETTERS = Counter("consumer_dead_letters", "Messages given up and kept in dead_letters", ["consumer", "reason"])
HANDLER_SECONDS = Histogram(
    "consumer_handler_seconds",
    "Time from entering a handler to its commit",
    ["consumer", "type"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)

NATS_CONNECTED = Gauge("nats_connected", "1 while the connection to NATS stands", ["service"])
NATS_RECONNECTS = Counter("nats_reconnects", "Times the connection to NATS was made again", ["service"])
NATS_ERRORS = Counter("nats_errors", "Errors reported by the NATS client", ["service", "kind"])
