"""Publish outbox rows to JetStream, many in flight together, but never two of one aggregate.

The next message of an aggregate leaves when the one before it is acknowledged, so that a refusal in the middle cannot
turn the order around. Every publish carries the message id (the server drops duplicates) and the stream it is meant for.
"""

import asyncio
import itertools
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import nats.errors
import orjson
from nats.aio.msg import Msg

from shared.messaging.connection import Broker
from shared.messaging.envelope import CONTENT_TYPE, compose
from shared.messaging.topology import PARTNER_STREAM

REFUSED_SUBJECT = 'permissions violation for publish to "'
MARK_SECONDS = 0.02
"""Acknowledgements are kept together with the next fetch. When there is none for so long, they are kept by themselves."""
ROW_ERRORS = (nats.errors.MaxPayloadError, nats.errors.BadSubjectError, ValueError)


@dataclass(slots=True)
class Row:
    """An outbox row on its way out."""

    id: UUID
    stream: str
    subject: str
    aggregate_id: UUID
    payload: bytes

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Row":
        """From the columns of the outbox. Rows for partners hold the whole document already: notify composes what leaves the platform."""
        if record["stream"] == PARTNER_STREAM:
            payload = record["data"].encode()
            return cls(record["id"], record["stream"], record["subject"], record["aggregate_id"], payload)
        occurred_at: datetime = record["occurred_at"]
        payload = compose(
            id=record["id"],
            message_type=record["type"],
            community=record["community"],
            aggregate_id=record["aggregate_id"],
            aggregate_version=record["aggregate_version"],
            time=occurred_at,
            data=record["data"].encode(),
            correlation_id=record["correlation_id"],
            causation_id=record["causation_id"],
        )
        return cls(record["id"], record["stream"], record["subject"], record["aggregate_id"], payload)


class Fault(Enum):
    """Why a message was not stored."""

    ROW = "row"
    """The server or the client refuses this very message; others may pass."""
    BROKER = "broker"
    """The broker cannot take messages just now; nobody's fault."""
    NO_STREAM = "no-stream"
    """Nobody listens on the subject: a wrong subject, or a stream that is not there (yet)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One message that was not stored."""

    row: Row
    fault: Fault
    text: str


@dataclass(slots=True)
class Outcome:
    """What has become of messages since the last look. Rows that are nowhere here are still on their way, or go again."""

    stored: list[tuple[Row, int]] = field(default_factory=list)
    """Row and its sequence in the stream."""
    refused: list[Refusal] = field(default_factory=list)


class Publisher:
    """Keeps messages in flight over one connection, with one inbox for all acknowledgements."""

    def __init__(self, broker: Broker, *, ack_seconds: float, window: int, wake: asyncio.Event) -> None:
        self._broker = broker
        self._ack_seconds = ack_seconds
        self._window = window
        self._wake = wake
        self._inbox = ""
        self._numbers = itertools.count(1)
        self._flying: dict[str, tuple[Row, float]] = {}
        self._chains: dict[UUID, list[Row]] = {}
        self._outcome = Outcome()
        self._answered_at = 0.0
        self._look: asyncio.TimerHandle | None = None
        broker.on_error.append(self._on_client_error)

    @property
    def room(self) -> int:
        """How many more messages may be handed over."""
        return self._window - sum(map(len, self._chains.values()))

    def aggregates(self) -> list[UUID]:
        """Aggregates with a message on its way, or with an answer that was not taken yet; nothing of them may be fetched."""
        answered = [row.aggregate_id for row, _ in self._outcome.stored]
        return [*self._chains, *answered, *(refusal.row.aggregate_id for refusal in self._outcome.refused)]

    async def send(self, rows: Iterable[Row]) -> None:
        """Put rows on their way, in their order per aggregate. The answers come with `take`; `wake` is set when it is worth a look."""
        if not self._inbox:
            self._inbox = self._broker.client.new_inbox()
            await self._broker.client.subscribe(f"{self._inbox}.*", cb=self._on_answer)
        first: list[Row] = []
        for row in rows:
            chain = self._chains.setdefault(row.aggregate_id, [])
            chain.append(row)
            if len(chain) == 1:
                first.append(row)
        for row in first:
            await self._send(row)

    def take(self) -> Outcome:
        """What has become of messages since the last call."""
        self._give_up_waiting()
        if self._look is not None:
            self._look.cancel()
            self._look = None
        outcome, self._outcome = self._outcome, Outcome()
        return outcome

    def forget_flying(self) -> None:
        """The connection was lost. What was not answered is still unpublished in the outbox and goes again."""
        self._flying.clear()
        self._chains.clear()

    def _give_up_waiting(self) -> None:
        late = time.monotonic() - self._ack_seconds
        for token, (row, sent_at) in list(self._flying.items()):
            if sent_at < late:
                # When others that were sent later were answered, it is about this message, else about the server.
                fault = Fault.ROW if self._answered_at > sent_at else Fault.BROKER
                self._refuse(token, Refusal(row, fault, "no acknowledgement"))

    async def _send(self, row: Row) -> None:
        token = str(next(self._numbers))
        self._flying[token] = (row, time.monotonic())
        if not self._broker.is_connected:  # the client would keep it and send it unasked after the reconnect
            self._refuse(token, Refusal(row, Fault.BROKER, "no connection"))
            return
        headers = {"Nats-Msg-Id": str(row.id), "Nats-Expected-Stream": row.stream, "Content-Type": CONTENT_TYPE}
        try:
            await self._broker.client.publish(row.subject, row.payload, reply=f"{self._inbox}.{token}", headers=headers)
        except ROW_ERRORS as error:
            self._refuse(token, Refusal(row, Fault.ROW, f"{type(error).__name__}: {error}"))
        except nats.errors.Error as error:
            self._refuse(token, Refusal(row, Fault.BROKER, f"{type(error).__name__}: {error}"))

    async def _on_answer(self, message: Msg) -> None:
        token = message.subject.rsplit(".", 1)[1]
        if token not in self._flying:  # nobody waits for it any more
            return
        self._answered_at = time.monotonic()
        row, _ = self._flying[token]
        refusal = _refusal(row, message)
        if refusal is not None:
            self._refuse(token, refusal)
            return
        del self._flying[token]
        self._outcome.stored.append((row, orjson.loads(message.data)["seq"]))
        chain = self._chains[row.aggregate_id]
        chain.pop(0)
        if chain:
            await self._send(chain[0])
        else:
            del self._chains[row.aggregate_id]
        if len(self._outcome.stored) >= self._window // 2:
            self._wake.set()
        elif not self._flying and self._look is None:
            self._look = asyncio.get_running_loop().call_later(MARK_SECONDS, self._wake.set)

    def _refuse(self, token: str, refusal: Refusal) -> None:
        """Neither this message nor those behind it: they are fetched again when its turn comes."""
        del self._flying[token]
        self._chains.pop(refusal.row.aggregate_id, None)
        self._outcome.refused.append(refusal)
        self._wake.set()

    def _on_client_error(self, error: Exception) -> None:
        """A publish without permission gets no answer; the reason arrives here and names the subject."""
        text = str(error)
        start = text.lower().find(REFUSED_SUBJECT)
        if start < 0:
            return
        subject = text[start + len(REFUSED_SUBJECT) :].split('"', 1)[0]
        for token, (row, _) in list(self._flying.items()):
            if row.subject == subject:
                self._refuse(token, Refusal(row, Fault.ROW, text))


def _refusal(row: Row, message: Msg) -> Refusal | None:
    if not message.data:
        return Refusal(row, Fault.NO_STREAM, "no stream takes this subject")
    answer: dict[str, Any] = orjson.loads(message.data)
    error = answer.get("error")
    if error is None:
        return None
    # 5xx: full, starting, without resources. 4xx: too large, wrong stream for this subject, ...
    fault = Fault.BROKER if int(error.get("code", 500)) >= 500 else Fault.ROW
    return Refusal(row, fault, f"{error.get('err_code')}: {error.get('description')}")
