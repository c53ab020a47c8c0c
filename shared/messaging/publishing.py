"""Publish a window of outbox rows to JetStream, all in flight together, but never two of one aggregate.

The next message of an aggregate leaves when the one before it is acknowledged, so that a refusal in the middle cannot
turn the order around. Every publish carries the message id (the server drops duplicates) and the stream it is meant for.
"""

import asyncio
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    """What became of a window. Rows in neither list were not tried or not answered; they are published again."""

    stored: list[tuple[Row, int]]
    """Row and its sequence in the stream."""
    refused: list[Refusal]
    unanswered: list[Row]


class Publisher:
    """Publishes windows over one connection, with one inbox for all acknowledgements."""

    def __init__(self, broker: Broker, ack_seconds: float) -> None:
        self._broker = broker
        self._ack_seconds = ack_seconds
        self._inbox = ""
        self._numbers = itertools.count(1)
        self._flying: dict[str, Row] = {}
        self._chains: dict[UUID, list[Row]] = {}
        self._outcome = Outcome([], [], [])
        self._progress = asyncio.Event()
        broker.on_error.append(self._on_client_error)

    async def publish(self, rows: Iterable[Row]) -> Outcome:
        """Publish rows, in their order per aggregate, and wait for what the server says about each."""
        if not self._inbox:
            self._inbox = self._broker.client.new_inbox()
            await self._broker.client.subscribe(f"{self._inbox}.*", cb=self._on_answer)
        self._outcome = Outcome([], [], [])
        self._chains, self._flying = {}, {}
        for row in rows:
            self._chains.setdefault(row.aggregate_id, []).append(row)
        for chain in list(self._chains.values()):
            if not self._broker.is_connected:  # the client would keep it and send it after the reconnect
                break
            await self._send(chain[0])
        await self._all_answered()
        self._outcome.unanswered = list(self._flying.values())
        self._flying.clear()
        return self._outcome

    async def _all_answered(self) -> None:
        """Until nothing is in flight, the connection is lost, or the server is silent for too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._ack_seconds
        while self._flying and self._broker.is_connected and loop.time() < deadline:
            self._progress.clear()
            try:
                async with asyncio.timeout(0.2):  # wait_for of Python 3.11 may swallow a cancellation
                    await self._progress.wait()
                deadline = loop.time() + self._ack_seconds
            except TimeoutError:
                continue

    async def _send(self, row: Row) -> None:
        token = str(next(self._numbers))
        self._flying[token] = row
        headers = {"Nats-Msg-Id": str(row.id), "Nats-Expected-Stream": row.stream, "Content-Type": CONTENT_TYPE}
        try:
            await self._broker.client.publish(row.subject, row.payload, reply=f"{self._inbox}.{token}", headers=headers)
        except ROW_ERRORS as error:
            del self._flying[token]
            self._outcome.refused.append(Refusal(row, Fault.ROW, f"{type(error).__name__}: {error}"))
        except nats.errors.Error as error:
            del self._flying[token]
            self._outcome.refused.append(Refusal(row, Fault.BROKER, f"{type(error).__name__}: {error}"))

    async def _on_answer(self, message: Msg) -> None:
        row = self._flying.pop(message.subject.rsplit(".", 1)[1], None)
        if row is None:  # an answer to a window that is over
            return
        refusal = _refusal(row, message)
        if refusal is not None:
            self._outcome.refused.append(refusal)
        else:
            self._outcome.stored.append((row, orjson.loads(message.data)["seq"]))
            chain = self._chains[row.aggregate_id]
            chain.pop(0)
            if chain and self._broker.is_connected:
                await self._send(chain[0])
        if not self._flying:
            self._progress.set()

    def _on_client_error(self, error: Exception) -> None:
        """A publish without permission gets no answer; the reason arrives here and names the subject."""
        text = str(error)
        start = text.lower().find(REFUSED_SUBJECT)
        if start < 0:
            return
        subject = text[start + len(REFUSED_SUBJECT) :].split('"', 1)[0]
        for token in [token for token, row in self._flying.items() if row.subject == subject]:
            self._outcome.refused.append(Refusal(self._flying.pop(token), Fault.ROW, text))
        self._progress.set()


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
