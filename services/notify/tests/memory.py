"""The ports of notify in memory, for tests of use cases. `integration/test_stores.py` proves them equal to PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from services.notify.domain.delivery import Delivery, DeliveryState, Outcome
from services.notify.domain.errors import NotificationNotFound, SubscriptionNotFound
from services.notify.domain.issue_facts import IssueFacts
from services.notify.domain.notification import Notification
from services.notify.domain.payload import PartnerMessage
from services.notify.domain.subscription import Subscription
from services.notify.tests.builders import WEDNESDAY
from shared.clock import FrozenClock
from shared.contracts.message import Message
from shared.errors import ConcurrentChange, PreconditionFailed
from shared.principal import Role


class MemoryInboxes:
    """Satisfies `ports.Inboxes`."""

    def __init__(self) -> None:
        self.all: list[Notification] = []

    async def add(self, new: Sequence[Notification]) -> int:
        before = len(self.all)
        for notification in new:
            key = (notification.message_id, notification.person, notification.template)
            if key not in {(n.message_id, n.person, n.template) for n in self.all}:
                self.all.append(notification)
        return len(self.all) - before

    async def mark_read(self, person: UUID, notification_id: UUID, at: datetime) -> Notification:
        for index, notification in enumerate(self.all):
            if (notification.id, notification.person) == (notification_id, person):
                self.all[index] = replace(notification, read_at=notification.read_at or at)
                return self.all[index]
        raise NotificationNotFound

    async def mark_all_read(self, person: UUID, at: datetime) -> int:
        mine = [n for n in self.all if n.person == person and n.read_at is None]
        for notification in mine:
            await self.mark_read(person, notification.id, at)
        return len(mine)

    def of(self, person: UUID) -> list[str]:
        """Templates in a person's inbox, in order."""
        return [n.template for n in self.all if n.person == person]


class MemoryDirectory:
    """Satisfies `ports.Directory`."""

    def __init__(self, community: str) -> None:
        self._community = community
        self._memberships: dict[UUID, tuple[UUID, UUID | None, str]] = {}
        self._organisations: dict[UUID, str] = {}
        self._name: str | None = None

    async def grant(
        self,
        membership_id: UUID,
        person: UUID,
        organisation: UUID | None,
        role: str,
        at: datetime,  # noqa: ARG002 - the shape of the port
    ) -> None:
        self._memberships[membership_id] = (person, organisation, role)

    async def end(self, membership_id: UUID) -> None:
        self._memberships.pop(membership_id, None)

    async def remember_organisation(self, organisation: UUID, kind: str, name: str) -> None:  # noqa: ARG002 - the port
        self._organisations[organisation] = name

    async def remember_community(self, name: str) -> None:
        self._name = name

    async def holders(self, roles: Collection[Role], organisation: UUID | None = None) -> list[UUID]:
        wanted = {role.value for role in roles}
        return sorted(
            {
                person
                for person, through, role in self._memberships.values()
                if role in wanted and (organisation is None or through == organisation)
            }
        )

    async def organisation_names(self, organisations: Collection[UUID]) -> Mapping[UUID, str]:
        return {id_: name for id_, name in self._organisations.items() if id_ in organisations}

    async def community_name(self) -> str:
        return self._name or self._community


class MemoryIssueFacts:
    """Satisfies `ports.IssueMemory`."""

    def __init__(self) -> None:
        self._facts: dict[UUID, IssueFacts] = {}

    async def remember(self, issue_id: UUID, said: IssueFacts) -> IssueFacts:
        known = self._facts.get(issue_id, IssueFacts())
        self._facts[issue_id] = IssueFacts(
            said.kind or known.kind,
            said.category or known.category,
            said.severity or known.severity,
            said.private or known.private,
        )
        return self._facts[issue_id]


class MemorySubscriptions:
    """Satisfies `ports.Subscriptions`."""

    def __init__(self, feeds: "MemoryFeeds") -> None:
        self._all: dict[UUID, Subscription] = {}
        self._feeds = feeds

    async def add(self, subscription: Subscription) -> None:
        self._all[subscription.id] = deepcopy(subscription)
        self._feeds.last[subscription.id] = 0

    async def get(
        self, subscription_id: UUID, *, of: Collection[UUID] | None = None, expected_version: int | None = None
    ) -> Subscription:
        found = self._all.get(subscription_id)
        if found is None or (of is not None and found.organisation not in of):
            raise SubscriptionNotFound
        if expected_version is not None and found.version != expected_version:
            raise PreconditionFailed
        return deepcopy(found)

    async def save(self, subscription: Subscription) -> None:
        stored = self._all.get(subscription.id)
        if stored is None:
            raise SubscriptionNotFound
        if stored.version != subscription.version:
            raise ConcurrentChange
        subscription.version += 1
        self._all[subscription.id] = deepcopy(subscription)

    async def remove(self, subscription: Subscription) -> None:
        self._all.pop(subscription.id, None)
        self._feeds.forget(subscription.id)

    async def count_of(self, organisation: UUID) -> int:
        return sum(s.organisation == organisation for s in self._all.values())

    async def all(self) -> Sequence[Subscription]:
        return [deepcopy(self._all[id_]) for id_ in sorted(self._all)]


class MemoryFeeds:
    """Satisfies `ports.Feeds`."""

    def __init__(self) -> None:
        self.last: dict[UUID, int] = {}
        self.next_try: dict[UUID, datetime | None] = {}
        self.attempts: list[tuple[UUID, Outcome]] = []
        self._deliveries: dict[UUID, Delivery] = {}

    async def number(self, subscription_id: UUID) -> int:
        self.last[subscription_id] += 1
        return self.last[subscription_id]

    async def enqueue(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id] = deepcopy(delivery)
        if delivery.state is DeliveryState.PENDING and self.next_try.get(delivery.subscription) is None:
            self.next_try[delivery.subscription] = delivery.created_at

    async def lock(self, subscription_id: UUID) -> None:  # noqa: ARG002 - the shape of the port
        return None

    async def find(self, delivery_id: UUID) -> Delivery | None:
        return deepcopy(self._deliveries.get(delivery_id))

    async def tried(self, delivery: Delivery, outcome: Outcome) -> None:
        self._deliveries[delivery.id] = deepcopy(delivery)
        self.attempts.append((delivery.id, outcome))

    async def due(self, subscription_id: UUID, at: datetime | None) -> None:
        self.next_try[subscription_id] = at

    async def waiting(self, subscription_id: UUID, *, limit: int) -> Sequence[Delivery]:
        mine = [
            d
            for d in self._deliveries.values()
            if d.subscription == subscription_id and d.state is DeliveryState.PENDING
        ]
        return deepcopy(sorted(mine, key=lambda delivery: delivery.sequence)[:limit])

    async def start_over(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id].tries = 0

    async def handed_over(self, delivery: Delivery, at: datetime) -> None:
        stored = self._deliveries[delivery.id]
        stored.state, stored.delivered_at = DeliveryState.DELIVERED, at

    def forget(self, subscription_id: UUID) -> None:
        """What the foreign keys do."""
        self._deliveries = {id_: d for id_, d in self._deliveries.items() if d.subscription != subscription_id}
        self.next_try.pop(subscription_id, None)
        self.last.pop(subscription_id, None)

    def of(self, subscription_id: UUID) -> list[Delivery]:
        """Deliveries of a subscription, in order."""
        mine = [d for d in self._deliveries.values() if d.subscription == subscription_id]
        return sorted(mine, key=lambda delivery: delivery.sequence)


@dataclass
class MemoryUnitOfWork:
    """Satisfies `ports.NotifyUnitOfWork`; commits nothing, forgets nothing."""

    community: str = "feicuicheng"
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(WEDNESDAY))

    def __post_init__(self) -> None:
        self.inboxes = MemoryInboxes()
        self.directory = MemoryDirectory(self.community)
        self.issue_facts = MemoryIssueFacts()
        self.feeds = MemoryFeeds()
        self.subscriptions = MemorySubscriptions(self.feeds)
        self.published: list[Message] = []
        self.to_partners: list[PartnerMessage] = []

    def now(self) -> datetime:
        return self.clock.now()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return None

    async def finish(self, result: object) -> None:  # noqa: ARG002 - the shape of the port
        return None

    async def publish(self, message: Message) -> None:
        self.published.append(message)

    async def publish_to_partner(self, message: PartnerMessage) -> None:
        self.to_partners.append(message)
