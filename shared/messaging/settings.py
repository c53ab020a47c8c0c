"""Numbers of messaging in one place, with the reason for each. Tests shorten them; services use the defaults."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """How often and how fast a consumer tries a message again. Delays in seconds.

    The server holds a message back for the delay we name with the NAK: there is no back-off without it, only a hot loop.
    """

    tries: int = 10
    """Deliveries whose failure is tolerated but for the last: then the message becomes a dead letter."""
    first: float = 2.0
    longest: float = 300.0
    jitter: float = 0.1
    gap_first: float = 0.05
    """A message that came before its predecessor usually waits for another replica: look again soon, then ever more slowly."""
    gap_tries: int = 11
    """Deliveries after which it stops waiting. One more than `tries`, so that a failing predecessor is given up first, and
    one less than the server's own limit, after which a message would be skipped without a trace."""
    suspicious_from: int = 3
    """From this delivery on a message may be one that kills the process: such messages are put on trial, one at a time, so
    that the killer is found and the innocent ones that were held beside it are not given up with it."""
    trials: int = 2
    """Trials that a message may end together with the process before it is given up."""

    def delay(self, attempt: int) -> float:
        """Pause after the failed delivery number `attempt`: doubles up to the longest, plus jitter."""
        pause = min(self.longest, self.first * 2.0 ** (attempt - 1))
        return pause * (1.0 + self.jitter * random.random())  # noqa: S311 - spreading load, not secrets

    def gap_delay(self, attempt: int) -> float:
        """Pause of a message whose predecessor is missing. All of them together last longer than the predecessor's own tries."""
        return min(300.0, self.gap_first * 4.0 ** (attempt - 1))


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    """How a service pulls and works on messages."""

    retries: RetrySchedule = field(default_factory=RetrySchedule)
    batch: int = 128
    """Messages asked for at a time and held at most per consumer; below half of it more are asked for."""
    handlers: int = 4
    """Handlers of one consumer that run at the same time, each for another aggregate."""
    handlers_in_all: int = 6
    """Handlers of all consumers of the process together: the pool of the database has eight connections."""
    handler_seconds: float = 60.0
    """A handler that takes longer is cancelled and tried again."""
    heartbeat_seconds: float = 10.0
    """Held messages are reported as in progress that often; the server waits 30 s before it delivers again."""
    pull_expires_seconds: float = 30.0
    pull_heartbeat_seconds: float = 5.0
    """The server says that often that a pull still stands; twice without a word means ask again."""
    check_seconds: float = 10.0
    stuck_seconds: float = 30.0
    """A consumer with waiting messages and no progress for that long is unhealthy."""
    drain_seconds: float = 15.0
    """At stop, running handlers get that long to finish; the rest comes again later."""


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """How the outbox is published."""

    poll_seconds: float = 1.0
    """The truth: wake-ups may be lost, the poll is not."""
    window: int = 500
    """Messages that may be on their way at a time."""
    ack_seconds: float = 5.0
    attempts: int = 10
    """Refusals of one message by the server after which it is parked."""
    retry_first: float = 0.5
    retry_longest: float = 30.0
    measure_seconds: float = 5.0
    housekeeping_seconds: float = 600.0
    keep_published_days: float = 7.0
    """How far back a broker that lost its memory can be healed."""
    keep_inbox_days: float = 30.0
    """Longer than outbox, stream and the longest replay together: a message must not come back after its inbox row went."""
    keep_keys_days: float = 7.0
    chunk: int = 1000

    def retry_delay(self, attempt: int) -> float:
        """Pause before a refused message is published again."""
        return min(self.retry_longest, self.retry_first * 2.0 ** (attempt - 1))


@dataclass(frozen=True, slots=True)
class MessagingSettings:
    """All of them."""

    consumer: ConsumerSettings = field(default_factory=ConsumerSettings)
    relay: RelaySettings = field(default_factory=RelaySettings)
    connect_wait_seconds: float = 5.0
    """How long a starting service waits for NATS before it serves without it and goes on trying."""
