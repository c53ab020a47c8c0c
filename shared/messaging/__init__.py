"""Messages between services: outbox and relay on the way out, durable consumers with an inbox on the way in."""

from shared.messaging.consumers import Consumers, MessageContext
from shared.messaging.outbox import AddressedMessage

__all__ = ["AddressedMessage", "Consumers", "MessageContext"]
