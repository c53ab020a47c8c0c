"""Facts of notify: changes of partner subscriptions."""

from uuid import UUID

from shared.contracts.message import Message


class SubscriptionCreated(Message, type="notify.subscription_created.v1", aggregate="subscription_id"):
    """A partner unit subscribed to messages."""

    subscription_id: UUID
    organisation_id: UUID
    channel: str


class SubscriptionDisabled(Message, type="notify.subscription_disabled.v1", aggregate="subscription_id"):
    """A subscription was switched off, by its owner or because its receiver failed for too long."""

    subscription_id: UUID
    organisation_id: UUID
    reason: str
