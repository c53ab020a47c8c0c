"""A delivery: one message of one subscription, with its number there, until the partner has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GONE = 410
PING = "notify.ping.v1"
"""Type of the test message that a partner can ask for; no service publishes it."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    """Web hook: answered with 2xx. NATS: handed to the outbox, from where it reaches the partner's stream."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: a status, or the reason why there is none. Nothing else of the answer is kept or shown."""

    at: datetime
    took: timedelta
    status: int | None = None
    error: str | None = None
    retry_after: timedelta | None = None

    @property
    def arrived(self) -> bool:
        """Only 2xx counts; a redirect is a failure."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver says that it does not want messages any more."""
        return self.status == GONE


@dataclass(slots=True)
class Delivery:
    """One message for one partner. `id` is the `webhook-id`, the CloudEvents id, and the same at every try."""

    id: UUID
    subscription: UUID
    sequence: int
    message_id: UUID
    message_type: str
    body: bytes
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    tries: int = 0
    delivered_at: datetime | None = None
    last_status: int | None = None
    last_error: str | None = None

    def tried(self, outcome: Outcome) -> None:
        """Note one try."""
        self.tries += 1
        self.last_status, self.last_error = outcome.status, outcome.error
        if outcome.arrived:
            self.state, self.delivered_at = DeliveryState.DELIVERED, outcome.at
