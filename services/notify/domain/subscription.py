"""A partner's subscription: which facts an organisation wants to hear, over which channel, and whether it is served."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.notify.domain.errors import SubscriptionStateRefuses

BOTH_SECRETS_VALID = timedelta(hours=24)
"""After a rotation the old secret still works this long, so that the partner can change over without losing a message."""

MOST_PER_ORGANISATION = 20


class Channel(StrEnum):
    """How the messages reach the partner."""

    WEBHOOK = "webhook"
    NATS = "nats"


class State(StrEnum):
    """Whether messages flow. In every state they are numbered and kept; only `active` ones are sent."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DisabledBecause(StrEnum):
    """Why the platform stopped sending."""

    GONE = "gone"
    EXHAUSTED = "exhausted"


STATE_LABELS = {
    State.ACTIVE: ("启用", "active"),
    State.PAUSED: ("暂停", "paused"),
    State.DISABLED: ("已停用", "disabled"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the partner wants; an empty tuple means everything. Categories and severities concern issues only."""

    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def let_through(self, message_type: str, category: str | None, severity: str | None) -> bool:
        """Whether a fact passes. A message without a category (an event, a wish) is not held back by a filter on categories."""
        return (
            (not self.types or message_type in self.types)
            and (not self.categories or category is None or category in self.categories)
            and (not self.severities or severity is None or severity in self.severities)
        )


@dataclass(slots=True)
class Subscription:
    """One subscription of one organisation in one community."""

    id: UUID
    organisation: UUID
    name: str
    channel: Channel
    url: str | None
    filters: Filters
    credential: bytes
    """Web hook: the sealed signing secret. NATS: the hash of the password."""
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    state: State = State.ACTIVE
    disabled_because: DisabledBecause | None = None
    previous_credential: bytes | None = None
    previous_valid_until: datetime | None = None
    version: int = 1

    def pause(self, at: datetime) -> None:
        """Stop sending; messages are kept."""
        if self.state is not State.ACTIVE:
            raise SubscriptionStateRefuses("只有启用中的订阅可以暂停", "Only an active subscription can be paused")
        self.state, self.updated_at = State.PAUSED, at

    def resume(self, at: datetime) -> None:
        """Send again, from the first message that was kept."""
        if self.state is State.ACTIVE:
            raise SubscriptionStateRefuses("订阅已是启用状态", "The subscription is active already")
        self.state, self.disabled_because, self.updated_at = State.ACTIVE, None, at

    def disable(self, because: DisabledBecause, at: datetime) -> None:
        """The receiver failed for too long, or says that it is gone."""
        self.state, self.disabled_because, self.updated_at = State.DISABLED, because, at

    def rotate(self, credential: bytes, at: datetime) -> None:
        """Take a new secret; the present one stays valid for a day."""
        self.previous_credential, self.previous_valid_until = self.credential, at + BOTH_SECRETS_VALID
        self.credential, self.updated_at = credential, at

    def credentials_at(self, at: datetime) -> tuple[bytes, ...]:
        """The secrets that are valid now, the newest first."""
        if self.previous_credential is None or self.previous_valid_until is None or self.previous_valid_until <= at:
            return (self.credential,)
        return (self.credential, self.previous_credential)

    def must_be_active(self) -> None:
        """Refuse what makes no sense while nothing is sent."""
        if self.state is not State.ACTIVE:
            raise SubscriptionStateRefuses("订阅未启用，请先恢复", "The subscription is not active; resume it first")
