"""The transaction of one community with the stores of notify."""

import asyncio
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.notify.domain.payload import PartnerMessage
from services.notify.storage.directory import PostgresDirectory, PostgresIssueFacts
from services.notify.storage.feeds import PostgresFeeds
from services.notify.storage.inboxes import PostgresInboxes
from services.notify.storage.subscriptions import PostgresSubscriptions
from shared.database.unit_of_work import Once, UnitOfWork, UnitOfWorkFactory
from shared.messaging import AddressedMessage
from shared.messaging.topology import PARTNER_STREAM


class PostgresNotifyUnitOfWork(UnitOfWork):
    """One transaction of one community in PostgreSQL; satisfies `ports.NotifyUnitOfWork`."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.dispatcher_wake: asyncio.Event | None = None
        self.access_wake: asyncio.Event | None = None
        self._to_wake: set[asyncio.Event] = set()
        self.inboxes = PostgresInboxes(self)
        self.directory = PostgresDirectory(self)
        self.issue_facts = PostgresIssueFacts(self)
        self.subscriptions = PostgresSubscriptions(self, lambda: self._after_commit(self.access_wake))
        self.feeds = PostgresFeeds(self, lambda: self._after_commit(self.dispatcher_wake))

    async def publish_to_partner(self, message: PartnerMessage) -> None:
        """Put a message into the partner's stream when this commits. The relay keeps the order of each feed."""
        publisher, fact = message.message_type.split(".", 1)
        await self.publish(
            AddressedMessage(
                stream=PARTNER_STREAM,
                address=f"partners.{message.subscription}.{message.community}.{publisher}.{fact}",
                aggregate_id=feed_of(message.subscription),
                message_type=message.message_type,
                data=message.document(),
                occurred_at=message.time,
                id=message.id,
            )
        )

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Commit or roll back; then wake who has to act on what was committed."""
        to_wake, self._to_wake = self._to_wake, set()
        await super().__aexit__(kind, *rest)
        if kind is None:
            for event in to_wake:
                event.set()

    def _after_commit(self, event: asyncio.Event | None) -> None:
        if event is not None:
            self._to_wake.add(event)


class NotifyUnitOfWorkFactory(UnitOfWorkFactory[PostgresNotifyUnitOfWork]):
    """Builds units of work that wake the dispatcher and the keeper of partner consumers."""

    def __init__(
        self,
        *arguments: Any,
        dispatcher_wake: asyncio.Event | None = None,
        access_wake: asyncio.Event | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(PostgresNotifyUnitOfWork, *arguments, **keywords)
        self.dispatcher_wake = dispatcher_wake
        self.access_wake = access_wake

    def __call__(
        self, community: str, *, correlation_id: str, causation_id: str | None = None, once: Once | None = None
    ) -> PostgresNotifyUnitOfWork:
        """A unit of work for one community and one command."""
        uow = super().__call__(community, correlation_id=correlation_id, causation_id=causation_id, once=once)
        uow.dispatcher_wake, uow.access_wake = self.dispatcher_wake, self.access_wake
        return uow


def feed_of(subscription: UUID) -> UUID:
    """Key under which the outbox orders the messages of one partner; not the subscription's own id, which orders its facts."""
    return uuid5(NAMESPACE_URL, f"mulin:feed:{subscription}")
