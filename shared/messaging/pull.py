"""A standing pull from one durable consumer: messages arrive as they are stored, and never more than we asked for.

A pull request of 128 messages stands at the server for 30 s and is renewed when half of it is used up. Compared with the
library's `fetch`, which waits for a full batch or its timeout, a lone message is here at once; compared with a push
consumer, a slow service is never flooded. The server sends a heartbeat while it has nothing, so silence means a lost request.
"""

import asyncio
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from shared.messaging.connection import Broker
from shared.messaging.ending import end
from shared.messaging.settings import ConsumerSettings
from shared.observability.logging import get_logger

log = get_logger("messaging")

STATUS = "Status"
HEARTBEAT = "100"
ENDED = {"404", "408"}
"""No messages, or the request expired: nothing wrong."""


@dataclass(slots=True)
class Delivery:
    """One delivery of one message, until it is acknowledged or given back."""

    message: Msg
    attempt: int
    """1 for the first delivery, counted by the server."""
    stream_seq: int
    stored_at: datetime
    touched: float = field(default=0.0)
    """When the server last heard of it from us, in the loop's time."""

    @property
    def body(self) -> bytes:
        """The bytes of the message."""
        return self.message.data

    @property
    def subject(self) -> str:
        """Where it was published."""
        return self.message.subject


def delivery_of(message: Msg, now: float) -> Delivery:
    """Read attempt, sequence and time from the reply subject, in its old and new form."""
    tokens = message.reply.split(".")
    delivered, stream_seq, _, stored = tokens[4:8] if len(tokens) == 9 else tokens[6:10]
    stored_at = datetime.fromtimestamp(int(stored) / 1e9, UTC)
    return Delivery(message, int(delivered), int(stream_seq), stored_at, touched=now)


class Pull:
    """Asks for messages of one durable consumer and keeps them until they are taken."""

    def __init__(self, broker: Broker, stream: str, durable: str, settings: ConsumerSettings) -> None:
        self._broker = broker
        self._settings = settings
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._name = durable
        self._inbox = ""
        self._subscription: Subscription | None = None
        self._requests: dict[str, int] = {}  # reply subject -> messages still to come, oldest request first
        self._numbers = itertools.count(1)
        self._waiting: deque[Delivery] = deque()
        self._arrived = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._heard = 0.0
        self.held = 0
        """Messages taken and not settled yet."""

    async def start(self) -> None:
        """Subscribe and ask for the first messages as soon as there is a connection."""
        self._broker.on_connected.append(self._ask_anew)
        self._keeper = asyncio.create_task(self._keep(), name=f"{self._name} pulls")

    async def stop(self) -> None:
        """Ask for nothing more. What was not taken comes again at once, to us or to another replica."""
        if self._keeper is None:
            return
        self._broker.on_connected.remove(self._ask_anew)
        self._inbox = ""
        await end([self._keeper])
        self._keeper = None
        if self._subscription is not None and self._broker.is_connected:
            try:  # with what is on its way: dropped messages would only come after 30 s
                async with asyncio.timeout(2):
                    await self._subscription.drain()  # type: ignore[no-untyped-call]
            except (NatsError, TimeoutError):
                log.info("pull.not_drained", consumer=self._name)
        while self._waiting:
            delivery = self._waiting.popleft()
            if self._broker.is_connected:
                await delivery.message.nak()

    async def take(self, limit: int) -> list[Delivery]:
        """Wait for at least one message; returns what is there. They count as held until `settled`."""
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()
        taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
        self.held += len(taken)
        return taken

    async def settled(self, count: int = 1) -> None:
        """So many held messages were acknowledged or given back; asks for more when half of the room is free."""
        self.held -= count
        await self._ask()

    def waiting(self) -> list[Delivery]:
        """Messages that arrived and were not taken yet."""
        return list(self._waiting)

    async def _keep(self) -> None:
        """Renew lost requests: after a heartbeat's time twice over without a word nobody remembers them."""
        await self._broker.connected.wait()
        silence = self._settings.pull_heartbeat_seconds * 2
        while True:
            await asyncio.sleep(self._settings.pull_heartbeat_seconds / 2)
            if not self._broker.is_connected:
                continue
            if self._requests and asyncio.get_running_loop().time() - self._heard > silence:
                log.info("pull.lost", consumer=self._name)
                self._requests.clear()
            await self._ask()

    async def _ask_anew(self) -> None:
        """A new connection: the server forgot our requests."""
        self._requests.clear()
        if self._subscription is None:
            self._inbox = self._broker.client.new_inbox()
            self._subscription = await self._broker.client.subscribe(f"{self._inbox}.*", cb=self._on_message)
        await self._ask()

    async def _ask(self) -> None:
        known = sum(self._requests.values()) + len(self._waiting) + self.held
        if known > self._settings.batch // 2 or not self._broker.is_connected or not self._inbox:
            return
        wanted = self._settings.batch - known
        reply = f"{self._inbox}.{next(self._numbers)}"
        self._requests[reply] = wanted
        self._heard = asyncio.get_running_loop().time()
        request = {
            "batch": wanted,
            "expires": int(self._settings.pull_expires_seconds * 1e9),
            "idle_heartbeat": int(self._settings.pull_heartbeat_seconds * 1e9),
        }
        await self._broker.client.publish(self._next, json.dumps(request).encode(), reply=reply)

    async def _on_message(self, message: Msg) -> None:
        self._heard = asyncio.get_running_loop().time()
        status = message.headers.get(STATUS) if message.headers and not message.data else None
        if status is not None:
            await self._on_status(status, message)
            return
        self._count_down()
        self._waiting.append(delivery_of(message, self._heard))
        self._arrived.set()

    def _count_down(self) -> None:
        """The server answers requests in the order in which they came."""
        for reply, left in self._requests.items():
            if left > 1:
                self._requests[reply] = left - 1
            else:
                del self._requests[reply]
            return

    async def _on_status(self, status: str, message: Msg) -> None:
        if status == HEARTBEAT:
            return
        self._requests.pop(message.subject, None)
        if status in ENDED:
            await self._ask()
        else:  # 409 and 503: consumer deleted, server stopping, nobody there. `_keep` asks again, without haste.
            log.info(
                "pull.refused",
                consumer=self._name,
                status=status,
                reason=(message.headers or {}).get("Description"),
            )
