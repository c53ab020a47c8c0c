"""What a service listens to: `@consumers.consumes(IssueResolved)` on a function named by what it does.

A service's `consumers.py` makes one `Consumers` object. Each (service, purpose, publisher) is one durable pull consumer
that receives everything of its publisher, because versions per aggregate are counted without gaps; a type without a handler
only moves the position. One consumer has at most one handler per type, so that one inbox row proves the whole effect;
a second reaction to the same fact is a second purpose (own durable, own retries, own dead letters).
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from shared.contracts.message import Message
from shared.messaging.envelope import Envelope
from shared.messaging.outbox import stream_of

M = TypeVar("M", bound=Message)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class MessageContext(Generic[U]):
    """What a handler gets beside the message."""

    uow: U
    """Unit of work of the message's community. The inbox row is part of its transaction: hand it to exactly one use case.
    A handler that never opens it says "nothing to do"; then only the position of the aggregate is moved."""
    envelope: Envelope
    attempt: int = 1
    """1 for the first delivery."""

    @property
    def community(self) -> str:
        """Where it happened."""
        return self.envelope.community

    @property
    def message_id(self) -> UUID:
        """Id of the message, the same at every delivery."""
        return self.envelope.id

    @property
    def occurred_at(self) -> datetime:
        """When the publisher recorded the fact, UTC."""
        return self.envelope.time


Handler = Callable[[Any, MessageContext[Any]], Awaitable[None]]


@dataclass(slots=True)
class Durable:
    """One durable pull consumer: what it is called on the server and what it does with each type."""

    service: str
    publisher: str
    purpose: str | None
    handlers: dict[str, Handler] = field(default_factory=dict)
    every: Handler | None = None
    """Takes every type of this publisher that has no handler of its own."""

    @property
    def name(self) -> str:
        """Durable name on the server, also the consumer's name in inbox, positions and dead letters."""
        return f"{self.service}-{self.purpose}-{self.publisher}" if self.purpose else f"{self.service}-{self.publisher}"

    @property
    def stream(self) -> str:
        """Stream of the publisher."""
        return stream_of(self.publisher)

    @property
    def filter_subject(self) -> str:
        """Everything of the publisher."""
        return f"{self.publisher}.>"

    def handler(self, message_type: str) -> Handler | None:
        """What to do with a type; `None`: only note that it came.

        A version of a handled fact that this release does not know counts as handled: it must not pass unnoticed.
        """
        known = self.handlers.get(message_type, self.every)
        if known is None and message_type not in Message.registry:
            fact = message_type.rsplit(".", 1)[0]
            return next((handler for known, handler in self.handlers.items() if known.rsplit(".", 1)[0] == fact), None)
        return known


class Consumers:
    """Collects the handlers of one service. `purpose` separates reactions that must not hold each other up."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._durables: dict[tuple[str | None, str], Durable] = {}

    def consumes(
        self, message: type[M], *, purpose: str | None = None
    ) -> Callable[
        [Callable[[M, MessageContext[Any]], Awaitable[None]]], Callable[[M, MessageContext[Any]], Awaitable[None]]
    ]:
        """Register the decorated coroutine as the reaction to a message type. It is returned unchanged, for tests to call."""

        def register(
            handler: Callable[[M, MessageContext[Any]], Awaitable[None]],
        ) -> Callable[[M, MessageContext[Any]], Awaitable[None]]:
            durable = self._durable(message.publisher, purpose)
            if message.message_type in durable.handlers:
                known = _name(durable.handlers[message.message_type])
                raise TypeError(f"{durable.name}: {message.message_type} is handled by {known}; use another purpose")
            durable.handlers[message.message_type] = handler
            return handler

        return register

    def consumes_every(
        self, *publishers: str, purpose: str | None = None
    ) -> Callable[
        [Callable[[Message, MessageContext[Any]], Awaitable[None]]],
        Callable[[Message, MessageContext[Any]], Awaitable[None]],
    ]:
        """Register the decorated coroutine for all types of these publishers that have no handler of their own here."""

        def register(
            handler: Callable[[Message, MessageContext[Any]], Awaitable[None]],
        ) -> Callable[[Message, MessageContext[Any]], Awaitable[None]]:
            for publisher in publishers:
                durable = self._durable(publisher, purpose)
                if durable.every is not None:
                    raise TypeError(
                        f"{durable.name}: {_name(durable.every)} takes everything already; use another purpose"
                    )
                durable.every = handler
            return handler

        return register

    def durables(self) -> tuple[Durable, ...]:
        """All durable consumers of the service, by name."""
        return tuple(sorted(self._durables.values(), key=lambda durable: durable.name))

    def durable(self, name: str) -> Durable | None:
        """The durable consumer of that name."""
        return next((durable for durable in self._durables.values() if durable.name == name), None)

    def reactions(self) -> Iterator[tuple[Durable, str, Handler]]:
        """Every (consumer, message type, handler), for the generated documents."""
        for durable in self.durables():
            for message_type in sorted(Message.registry):
                handler = durable.handler(message_type)
                if handler is not None and Message.registry[message_type].publisher == durable.publisher:
                    yield durable, message_type, handler

    def _durable(self, publisher: str, purpose: str | None) -> Durable:
        return self._durables.setdefault((purpose, publisher), Durable(self.service, publisher, purpose))


def _name(handler: Handler) -> str:
    return getattr(handler, "__name__", repr(handler))
