"""What the use cases of notify need, in business words. `storage/` keeps it in PostgreSQL, `tests/memory.py` in memory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notify.domain.delivery import Delivery, Outcome
from services.notify.domain.issue_facts import IssueFacts
from services.notify.domain.notification import Notification
from services.notify.domain.payload import PartnerMessage
from services.notify.domain.subscription import Subscription
from shared.contracts.message import Message
from shared.principal import Role
from shared.transaction import Transaction


class Inboxes(Protocol):
    """The notifications of all persons of a community."""

    async def add(self, notifications: Sequence[Notification]) -> int:
        """Put them into the inboxes; what a person already has of the same message and template is left out. Returns how many are new."""
        ...

    async def mark_read(self, person: UUID, notification_id: UUID, at: datetime) -> Notification:
        """Note that the person read it; the first time counts. Raises NotificationNotFound for another person's."""
        ...

    async def mark_all_read(self, person: UUID, at: datetime) -> int:
        """Note that the person read everything that is there; returns how many were unread."""
        ...


class Directory(Protocol):
    """Our copy of who holds which role, and of public names."""

    async def grant(
        self, membership_id: UUID, person: UUID, organisation: UUID | None, role: str, at: datetime
    ) -> None:
        """A person holds a role."""
        ...

    async def end(self, membership_id: UUID) -> None:
        """A person no longer holds it."""
        ...

    async def remember_organisation(self, organisation: UUID, kind: str, name: str) -> None:
        """An organisation takes part, under this public name."""
        ...

    async def remember_community(self, name: str) -> None:
        """The community is called so."""
        ...

    async def holders(self, roles: Collection[Role], organisation: UUID | None = None) -> list[UUID]:
        """Persons who hold one of the roles, in the whole community or through one organisation; each once."""
        ...

    async def organisation_names(self, organisations: Collection[UUID]) -> Mapping[UUID, str]:
        """Public names of those we know."""
        ...

    async def community_name(self) -> str:
        """Name of the community; its key as long as we do not know it."""
        ...


class IssueMemory(Protocol):
    """What must be remembered of an issue, because only its first message says it: kind, category, severity."""

    async def remember(self, issue_id: UUID, said: IssueFacts) -> IssueFacts:
        """Keep what a message said and return all that is known. None leaves what is known; private stays private."""
        ...


class Subscriptions(Protocol):
    """The subscriptions of a community."""

    async def add(self, subscription: Subscription) -> None:
        """A new one."""
        ...

    async def get(
        self, subscription_id: UUID, *, of: Collection[UUID] | None = None, expected_version: int | None = None
    ) -> Subscription:
        """One of them; `of` are the organisations that it may belong to, None: any.

        Raises SubscriptionNotFound, also for another organisation's, or PreconditionFailed for another version.
        """
        ...

    async def save(self, subscription: Subscription) -> None:
        """Keep its new state; raises ConcurrentChange when somebody was faster."""
        ...

    async def remove(self, subscription: Subscription) -> None:
        """Forget it with everything that still waits."""
        ...

    async def count_of(self, organisation: UUID) -> int:
        """How many an organisation has."""
        ...

    async def all(self) -> Sequence[Subscription]:
        """All of the community, ordered by id."""
        ...


class Feeds(Protocol):
    """The numbered deliveries of each subscription."""

    async def number(self, subscription_id: UUID) -> int:
        """The next number of the subscription, from 1, without gaps: the row stays locked until the end of the transaction."""
        ...

    async def enqueue(self, delivery: Delivery) -> None:
        """Keep a delivery. A pending one is due at once, unless an earlier one waits for its retry or the flow is paused."""
        ...

    async def lock(self, subscription_id: UUID) -> None:
        """Wait until nobody else changes this feed."""
        ...

    async def find(self, delivery_id: UUID) -> Delivery | None:
        """One delivery."""
        ...

    async def tried(self, delivery: Delivery, outcome: Outcome) -> None:
        """Keep the delivery as it is after a try, and the try in the log."""
        ...

    async def due(self, subscription_id: UUID, at: datetime | None) -> None:
        """When the oldest pending delivery is to be tried; None: not at all for now."""
        ...

    async def waiting(self, subscription_id: UUID, *, limit: int) -> Sequence[Delivery]:
        """The oldest pending deliveries, in order."""
        ...

    async def start_over(self, delivery: Delivery) -> None:
        """Give a delivery its whole schedule again."""
        ...

    async def handed_over(self, delivery: Delivery, at: datetime) -> None:
        """The delivery is in the outbox for the partner's stream."""
        ...


class NotifyUnitOfWork(Transaction, Protocol):
    """One transaction of one community, as the use cases of notify see it."""

    community: str

    @property
    def inboxes(self) -> Inboxes:
        """Notifications of persons."""
        ...

    @property
    def directory(self) -> Directory:
        """Roles and names."""
        ...

    @property
    def issue_facts(self) -> IssueMemory:
        """Kind, category and severity of issues."""
        ...

    @property
    def subscriptions(self) -> Subscriptions:
        """Partner subscriptions."""
        ...

    @property
    def feeds(self) -> Feeds:
        """Numbered deliveries."""
        ...

    def now(self) -> datetime:
        """The present moment, UTC."""
        ...

    async def publish(self, message: Message) -> None:
        """Let the other services know when this commits."""
        ...

    async def publish_to_partner(self, message: PartnerMessage) -> None:
        """Put a message into the partner's stream when this commits."""
        ...
