"""Every stream and every durable consumer, as data. `deploy/nats/provision.py` is the only one who makes them.

It stands here because services compare the server with it when they start, and refuse to start on drift.
One stream per publishing service, one durable pull consumer per (service, purpose, publisher). A consumer gets everything
of its publisher, because the receiving side keeps the order per aggregate by counting versions without gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SECONDS, MINUTES, DAYS = 1.0, 60.0, 86400.0
MIB = 1024 * 1024

MAX_PAYLOAD = 256 * 1024
"""Largest message in bytes that the server takes; facts hold ids and numbers, not documents."""
PARTNER_STREAM = "PARTNERS"
ADVISORIES_STREAM = "ADVISORIES"


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream in a file store. Times in seconds, sizes in bytes."""

    name: str
    subjects: tuple[str, ...]
    description: str
    max_bytes: int = 1024 * MIB
    max_age: float = 14 * DAYS
    discard: str = (
        "new"  # a full stream refuses, and the outbox waits; "old" would silently drop what nobody has read yet
    )
    duplicate_window: float = 10 * MINUTES
    deny_delete: bool = True
    deny_purge: bool = True
    allow_direct: bool = False
    num_replicas: int = 1
    storage: str = "file"
    retention: str = "limits"


@dataclass(frozen=True, slots=True)
class Consumer:
    """A durable pull consumer with explicit acknowledgement that starts at the first message of its stream."""

    stream: str
    durable: str
    filter_subject: str
    service: str
    """Who may pull from it: a service or a partner user."""
    ack_wait: float = 30 * SECONDS
    max_deliver: int = 12  # a safety net: services write a dead letter after fewer tries
    max_ack_pending: int = (
        1000  # messages that wait for their next try count too: many failing ones must not stop the others
    )
    ack_policy: str = "explicit"
    deliver_policy: str = "all"
    replay_policy: str = "instant"


PUBLISHERS = ("gateway", "issues", "volunteers", "events", "notify")
"""Services that publish, each to the stream of its name in capitals."""

SUBSCRIPTIONS: Mapping[str, tuple[tuple[str | None, tuple[str, ...]], ...]] = {
    "issues": ((None, ("gateway",)),),
    "volunteers": ((None, ("gateway", "issues")),),
    "events": ((None, ("gateway",)),),
    "notify": (
        ("people", ("gateway", "issues", "volunteers", "events")),
        ("partners", ("gateway", "issues", "volunteers", "events")),
    ),
}
"""service -> (purpose, publishers it listens to); a service with one purpose needs no name for it.

volunteers ← issues has no handler yet: its place in the stream is kept for verified work on issues, which will earn points.
"""


def stream_of(publisher: str) -> str:
    """Name of the stream that a service publishes to."""
    return publisher.upper()


def durable_of(service: str, publisher: str, purpose: str | None = None) -> str:
    """Name of the durable consumer of a service for one publisher: `volunteers-issues`, `notify-people-issues`."""
    return f"{service}-{purpose}-{publisher}" if purpose else f"{service}-{publisher}"


def partner_consumer(subscription: str) -> Consumer:
    """The consumer of one partner subscription: its own subjects of the redacted stream and nothing else."""
    durable = f"partner-{subscription}"
    return Consumer(PARTNER_STREAM, durable, f"partners.{subscription}.>", service=durable)


STREAMS: tuple[Stream, ...] = (
    *(
        Stream(stream_of(publisher), (f"{publisher}.>",), f"Facts of the service {publisher}")
        for publisher in PUBLISHERS
    ),
    Stream(
        PARTNER_STREAM, ("partners.>",), "What partner units subscribed to, without personal data; filled by notify"
    ),
    Stream(
        ADVISORIES_STREAM,
        ("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>", "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>"),
        "Messages that the server gave up: advisories are lost when nobody captures them",
        max_bytes=64 * MIB,
        discard="old",
        deny_delete=False,
        deny_purge=False,
    ),
)

CONSUMERS: tuple[Consumer, ...] = tuple(
    Consumer(stream_of(publisher), durable_of(service, publisher, purpose), f"{publisher}.>", service)
    for service, purposes in SUBSCRIPTIONS.items()
    for purpose, publishers in purposes
    for publisher in publishers
)

MAX_FILE_STORE = sum(stream.max_bytes for stream in STREAMS) + 512 * MIB
"""What the server may keep on disk: room for every stream when full. It is a limit, nothing is reserved on disk."""


def published_by(service: str) -> tuple[str, ...]:
    """Subjects that a service may publish to."""
    return (f"{service}.>", "partners.>") if service == "notify" else (f"{service}.>",)


def streams_of(service: str) -> tuple[str, ...]:
    """Streams that a service publishes to."""
    return (stream_of(service), PARTNER_STREAM) if service == "notify" else (stream_of(service),)


def consumers_of(service: str) -> tuple[Consumer, ...]:
    """Durable consumers of a service."""
    return tuple(consumer for consumer in CONSUMERS if consumer.service == service)
